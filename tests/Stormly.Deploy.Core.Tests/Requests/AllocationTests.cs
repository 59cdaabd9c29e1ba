using System.Text;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Requests;
using static Stormly.Deploy.Core.Tests.Requests.Contracts;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>The hot path takes no memory of its own once it is warm.</summary>
public sealed class AllocationTests
{
    private const int Calls = 100;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        "{\"context\":{\"ip\":\"::1\"},\"props\":{\"now\":1,\"us\\u0065r\":1690000000," + string.Join(',', Enumerable.Range(0, 25).Select(i => $"\"feature_{i}\":{i}.5e1")) + "}}");

    [Theory]
    [InlineData(NowFormat.UnixSeconds)]
    [InlineData(NowFormat.UnixMilliseconds)]
    [InlineData(NowFormat.Iso8601)]
    public void HotPath_Warm_AllocatesNothing(NowFormat format)
    {
        var inputs = Enumerable.Range(0, 30).Select(i => Input($"feature_{i}", feature: Feature($"feature_{i}", NativeType.Float, "1.0"))).ToArray();
        var contract = OneTab(new RequestOptions { FillMissingFeatures = true, NowFormat = format }, inputs);
        using var output = new PooledBufferWriter();

        Assert.Equal(0, LeastBytes(() =>
        {
            output.Clear();
            Assert.True(contract.WriteRequestBody(Body, output, Now).IsOk);
        }));
        Assert.Equal(0, LeastBytes(() =>
        {
            output.Clear();
            contract.WriteStatusBody(output, Now);
        }));
    }

    [Fact]
    public void Check_GoodAnswer_AllocatesNothing() => Assert.Equal(0, LeastBytes(() => Assert.True(ResponseCheck.Check(Body, 64).IsOk)));

    /// <summary>The least of several rounds: the shared pool may be trimmed during any one of them.</summary>
    private static long LeastBytes(Action call)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                call();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
