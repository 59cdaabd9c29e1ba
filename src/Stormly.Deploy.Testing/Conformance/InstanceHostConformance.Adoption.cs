using Stormly.Deploy.Hosts;
using Xunit;

namespace Stormly.Deploy.Testing;

public abstract partial class InstanceHostConformance
{
    private const string Marked = "serve --port $PORT --mark";

    /// <summary>An instance survives its host application, and the next run takes it over without starting it again.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Adoption)]
    public async Task I_can_adopt_what_survived_a_crash()
    {
        var (next, spec, instance) = await CrashAndAdoptAsync();
        await Bench.WaitReadyAsync(instance);
        var starts = (await File.ReadAllLinesAsync(spec.LogFile, Bench.Token)).Count(l => l.StartsWith("started", StringComparison.Ordinal));
        if (starts != 1)
        {
            throw Breach.Of("an adopted instance is the one that ran before, not a new one.", $"the plugin was started {starts} times.", Guide.Adoption, instance);
        }

        await next.StopAsync(instance, LongGrace);
        MustBeGone(spec, "an adopted instance is stopped as completely as any other.", Guide.Adoption);
    }

    /// <summary>The end of an adopted instance is seen.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Adoption)]
    public async Task I_can_see_an_adopted_instance_end()
    {
        var (next, _, instance) = await CrashAndAdoptAsync();
        await Bench.WaitReadyAsync(instance);
        await Bench.CallAsync(instance, "/exit?code=7");
        var exit = await next.ExitAsync(instance);
        if (exit.Cause != ExitCause.OnItsOwn || exit.ExitCode is not (7 or null))
        {
            throw Breach.Of("an adopted instance that ends by itself has Cause OnItsOwn, and its ExitCode, or null where nobody could learn it.", $"{exit}", Guide.Adoption, instance);
        }
    }

    /// <summary>What survived and is not wanted any more is ended, and reported.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Adoption)]
    public async Task I_can_sweep_what_is_not_to_be_adopted()
    {
        var spec = await CrashAsync();
        var application = Bench.NewApplication(App.StateFolder);
        MustSee(spec);
        var report = await application.RecoverAsync();
        MustBeGone(spec, "RecoverAsync ends whatever of this host application still lives and is not in Adopt.", Guide.Recovery);
        if (!report.Notes.Any(n => n.Instance == spec.Id && n.Ended) || !report.Adopted.IsEmpty)
        {
            throw Breach.Of("what RecoverAsync ended stands in its Notes, with Ended true.", $"{report.Adopted.Length} adopted; notes: {Describe(report)}", Guide.Recovery);
        }
    }

    /// <summary>An instance that is let go lives on when its host application ends as planned, and is taken over by the next run at the same address.</summary>
    /// <returns>The case.</returns>
    [Fact]
    [Trait(ConformanceLevels.Trait, ConformanceLevels.Adoption)]
    public async Task I_can_let_go_of_an_instance_and_adopt_it()
    {
        MustOfferAdoption();
        var spec = App.Spec(Marked) with { OutlivesHost = true };
        var before = await App.StartReadyAsync(spec);
        await Bench.WithinAsync(before.LetGoAsync().AsTask(), "LetGoAsync cuts every tie to the instance and leaves it running.", Guide.Adoption, before);
        await Bench.WithinAsync(App.Host.DisposeAsync().AsTask(), "disposal of a host leaves those alone that were let go.", Guide.Adoption);
        if (!await Bench.AnswersAsync(before))
        {
            throw Breach.Of("an instance that was let go lives on when its host is disposed of.", "it does not answer any more.", Guide.Adoption);
        }

        var (next, after) = await AdoptAsync(spec);
        if (!await Bench.AnswersAsync(after))
        {
            throw Breach.Of("an adopted instance is reached at the Address that it has now.", $"nobody answers at {after.Address}; before it was {before.Address}.", Guide.Adoption, after);
        }

        await next.StopAsync(after, LongGrace);
        MustBeGone(spec, "an adopted instance is stopped as completely as any other.", Guide.Adoption);
    }

    private async Task<(HostApplication Next, InstanceSpec Spec, IInstance Instance)> CrashAndAdoptAsync()
    {
        var spec = await CrashAsync();
        var (next, instance) = await AdoptAsync(spec);
        return (next, spec, instance);
    }

    private async Task<(HostApplication Next, IInstance Instance)> AdoptAsync(InstanceSpec spec)
    {
        var next = Bench.NewApplication(App.StateFolder);
        var report = await next.RecoverAsync(spec.Id);
        return report.Adopted.FirstOrDefault(i => i.Id == spec.Id) is { } instance
            ? (next, instance)
            : throw Breach.Of("RecoverAsync adopts an instance of an earlier run that still lives and is in Adopt.", $"it was not adopted; notes: {Describe(report)}", Guide.Adoption);
    }

    /// <summary>Starts an instance in a host application that then dies.</summary>
    private async Task<InstanceSpec> CrashAsync()
    {
        MustOfferAdoption();
        var spec = App.Spec(Marked) with { OutlivesHost = true };
        await StartAndCrashAsync(App.StateFolder, [spec], Bench.Token);
        if (!await Bench.UntilAsync(() => Task.FromResult(File.Exists(spec.LogFile) && new FileInfo(spec.LogFile).Length > 0)))
        {
            throw Breach.Of("an instance whose spec says OutlivesHost survives the end of its host application.", "the plugin never ran, or was gone before it could write its first line.", Guide.Adoption);
        }

        return spec;
    }

    private void MustOfferAdoption()
        => SkipUnless(App.Host.Capabilities.Adoption, $"The backend '{App.Host.Kind}' says that it cannot (Capabilities.Adoption).");

    private static string Describe(HostRecoveryReport report)
        => report.Notes.IsEmpty ? "none" : string.Join("; ", report.Notes.Select(n => $"{n.Instance}: {n.Detail}"));
}
