using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Stormly.Deploy.Model;
using Stormly.Deploy.TestSupport;

namespace Stormly.Deploy.Storage;

/// <summary><c>kill -9</c> of a real process that writes as fast as it can, while it appends and while it writes the file anew.</summary>
public sealed class JournalKillTests : IDisposable
{
    private const string FolderVariable = "STORMLY_TEST_JOURNAL_FOLDER";
    private const int Kills = 4;

    private static readonly PluginName Churn = PluginName.Parse("churn");

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("stormly-killed-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Confirmed => Path.Combine(_home.FullName, "confirmed");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    [Trait("Fault", "45")]
    [Trait("Fault", "55")]
    public async Task Write_KilledAtAnyMoment_LosesNothingThatWasConfirmed()
    {
        var reached = 0L;
        for (var kill = 1; kill <= Kills; kill++)
        {
            using (var writer = Start())
            {
                var until = reached + (kill * 97);
                await Waiting.UntilAsync(() => ReadConfirmed() >= until || writer.HasExited, $"{until} confirmed writes", Token);
                Assert.False(writer.HasExited, "the writer ended by itself");
                writer.Kill();
                await writer.WaitForExitAsync(Token);
            }

            var confirmed = ReadConfirmed();
            var content = await new FileDeploymentStore().OpenAsync(Opening(_home.FullName), Token);

            Assert.Empty(content.Problems);
            var deployment = Assert.Single(content.Deployments);
            using var document = JsonDocument.Parse(deployment.Document);
            reached = document.RootElement.GetProperty("x").GetInt64();
            Assert.True(reached == confirmed || reached == confirmed + 1, string.Create(CultureInfo.InvariantCulture, $"{confirmed} was confirmed, {reached} is there"));
            Assert.Equal(reached, deployment.Decisions[^1].Sequence);
            Assert.Equal(Enumerable.Range(0, deployment.Decisions.Length).Select(i => deployment.Decisions[0].Sequence + i), deployment.Decisions.Select(d => d.Sequence));
        }

        Assert.Equal("churn.journal", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(_home.FullName, "deployments")))));
    }

    /// <summary>The process that is killed: this very test program, asked for this one only.</summary>
    [Fact(Explicit = true)]
    public async Task Writer()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} is not set: this is no test of its own.");
        var store = new FileDeploymentStore();
        var content = await store.OpenAsync(Opening(folder), Token);
        await using var confirmed = new FileStream(Path.Combine(folder, "confirmed"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (var i = content.Deployments.IsEmpty ? 1 : content.Deployments[0].Decisions[^1].Sequence + 1; ; i++)
        {
            var document = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"x\":{i},\"y\":\"{new string('y', 600)}\"}}"));
            await store.WriteAsync(Churn, new StoreChange { Document = document, Decisions = [JournalTests.Decision((int)i)] }, Token);
            confirmed.Position = 0;
            await confirmed.WriteAsync(BitConverter.GetBytes(i), Token);
        }
    }

    /// <summary>So few decisions are kept that the file is written anew every hundred writes or so.</summary>
    private static StoreOpening Opening(string folder) => new() { StateFolder = folder, Newest = 20, Decisions = 20, DecisionBytes = 1 << 20 };

    private long ReadConfirmed()
    {
        if (!File.Exists(Confirmed))
        {
            return 0;
        }

        using var file = new FileStream(Confirmed, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[sizeof(long)];
        return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? BitConverter.ToInt64(bytes) : 0;
    }

    private Process Start() => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Stormly.Deploy.Core.Tests"), ["-method", $"*{nameof(JournalKillTests)}.{nameof(Writer)}", "-explicit", "only"])
    {
        Environment = { [FolderVariable] = _home.FullName },
        RedirectStandardOutput = true,
    })!;
}
