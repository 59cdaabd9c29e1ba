using Stormly.Deploy.Documents;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Core.Tests.Documents;

/// <summary>A second validator of OpenAPI, of other authors and by another method: it holds documents against the schema of the specification.</summary>
public sealed class OpenApiToolTests
{
    [Fact]
    public async Task Write_All_AreValidBySchemaOfTheSpecification()
    {
        Assert.SkipWhen(NodeTool.FindMissing("openapi") is not null, NodeTool.FindMissing("openapi") ?? "");
        var folder = Directory.CreateTempSubdirectory("stormly-openapi-");
        try
        {
            var files = Descriptions.Names().Select(row => Path.Combine(folder.FullName, $"{row.Data}.json")).ToList();
            foreach (var file in files)
            {
                var description = Descriptions.Find(Path.GetFileNameWithoutExtension(file));
                await File.WriteAllTextAsync(file, Descriptions.Text(o => PluginDocuments.WriteOpenApi(description, Descriptions.Address, o)), TestContext.Current.CancellationToken);
            }

            var (code, output) = await NodeTool.RunAsync("openapi", "validate.mjs", files, TestContext.Current.CancellationToken);
            Assert.True(code == 0, output);

            // It would say so if something were wrong.
            await File.WriteAllTextAsync(files[0], """{"openapi":"3.1.1","info":{"title":"x"},"paths":{}}""", TestContext.Current.CancellationToken);
            (code, output) = await NodeTool.RunAsync("openapi", "validate.mjs", files, TestContext.Current.CancellationToken);
            Assert.Equal(1, code);
            Assert.Contains("version", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
