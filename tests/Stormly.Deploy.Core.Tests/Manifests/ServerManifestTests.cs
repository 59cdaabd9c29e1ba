using System.Buffers;
using System.Text;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Core.Tests.Manifests;

public sealed class ServerManifestTests
{
    [Fact]
    public void Write_Example_IsTheExpectedFileByteForByte()
    {
        var written = Write(ContractExamples.Manifest(), ContractExamples.Merged().Options);

        Assert.Equal(Encoding.UTF8.GetString(ContractExamples.Bytes("server-manifest.expected.json")).TrimEnd(), written);
    }

    private static string Write(PluginManifest manifest, RawJson? options)
    {
        var output = new ArrayBufferWriter<byte>();
        ServerManifest.Write(manifest, options, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
