using Microsoft.Extensions.Time.Testing;

namespace Stormly.Deploy.Testing;

/// <summary>
/// Plays a fake clock: moves it on in small steps, and lets the library react to each before the next, so that hours pass in seconds and everything happens in
/// the order in which it would. Nothing here depends on how fast the machine is: what is waited for is a condition, or a time of the played clock.
/// </summary>
/// <remarks>
/// Where the thread pool has one thread (<c>ThreadPool.SetMinThreads(1, 1)</c> and <c>ThreadPool.SetMaxThreads(1, 1)</c> at the beginning of a program), a step ends
/// exactly when nothing is left to do before the next one. A program that leaves nothing to chance then does the same each time, to the last detail.
/// </remarks>
public static class FakeTimeProviderExtensions
{
    /// <summary>How long the machine may be busy with something that takes no played time, e.g. writing to the disk.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    /// <summary>A breath that took longer shows a machine with more work than processors.</summary>
    private static readonly TimeSpan LongBreath = TimeSpan.FromMilliseconds(5);

    private const int MostBreaths = 5;

    private static readonly TimeSpan SmallestStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan GreatestStep = TimeSpan.FromSeconds(1);

    /// <summary>Plays until something has come true.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="condition">The question, asked after each step.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="step">How far one step goes. Null begins with 50 ms and grows to 1 s with the time that has been played.</param>
    /// <param name="within">How much is played at most. Null: one hour of the played clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when it is true.</returns>
    /// <exception cref="TimeoutException">It was not true within that time.</exception>
    public static async Task PlayUntilAsync(
        this FakeTimeProvider clock, Func<bool> condition, string what, TimeSpan? step = null, TimeSpan? within = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(condition);
        var begun = clock.GetTimestamp();
        var most = within ?? TimeSpan.FromHours(1);
        while (!condition())
        {
            var played = clock.GetElapsedTime(begun);
            if (played >= most)
            {
                throw new TimeoutException($"Played {played} in vain for: {what}.");
            }

            await StepAsync(clock, step ?? StepAfter(played), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Plays until a call has ended, e.g. a deploy; one hour of the played clock at most.</summary>
    /// <typeparam name="T">What the call gives.</typeparam>
    /// <param name="clock">The clock.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the call gives, or its error.</returns>
    /// <exception cref="TimeoutException">It had not ended by then.</exception>
    public static async Task<T> PlayAsync<T>(this FakeTimeProvider clock, Task<T> call, CancellationToken cancellationToken)
    {
        await PlayAsync(clock, (Task)call, cancellationToken).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    /// <summary>Plays until a call has ended that gives nothing; one hour of the played clock at most.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends as the call did.</returns>
    /// <exception cref="TimeoutException">It had not ended by then.</exception>
    public static async Task PlayAsync(this FakeTimeProvider clock, Task call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await PlayUntilAsync(clock, () => call.IsCompleted, "the end of a call", cancellationToken: cancellationToken).ConfigureAwait(false);
        await call.ConfigureAwait(false);
    }

    /// <summary>Lets a time pass, e.g. to show that nothing happens meanwhile.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="time">How long.</param>
    /// <param name="step">How far one step goes. Null: 250 ms.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when it has passed.</returns>
    public static async Task PassAsync(this FakeTimeProvider clock, TimeSpan time, TimeSpan? step = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var by = step ?? TimeSpan.FromMilliseconds(250);
        for (var passed = TimeSpan.Zero; passed < time; passed += by)
        {
            await StepAsync(clock, by, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan StepAfter(TimeSpan played)
        => played / 50 is var step && step < SmallestStep ? SmallestStep : step < GreatestStep ? step : GreatestStep;

    /// <summary>Where the machine is late with a breath it is late with the library's work too: it gets more of them, so that played time does not run away from it.</summary>
    private static async Task StepAsync(FakeTimeProvider clock, TimeSpan step, CancellationToken cancellationToken)
    {
        clock.Advance(step);
        if (HasOneThread())
        {
            await FinishAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        for (var breaths = 0; breaths < MostBreaths; breaths++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            await Task.Delay(Breath, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            if (TimeProvider.System.GetElapsedTime(begun) < LongBreath)
            {
                return;
            }
        }
    }

    private static bool HasOneThread()
    {
        ThreadPool.GetMaxThreads(out var threads, out _);
        return threads == 1;
    }

    /// <summary>Lines up behind all that can go on, until nothing of it is left: this runs on the only thread, so nothing else runs while it looks.</summary>
    private static async Task FinishAsync(CancellationToken cancellationToken)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).ConfigureAwait(false);
        }
        while (ThreadPool.PendingWorkItemCount > 0);
    }
}
