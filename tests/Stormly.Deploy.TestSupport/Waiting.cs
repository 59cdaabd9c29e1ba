namespace Stormly.Deploy.TestSupport;

/// <summary>Waits for conditions of the outside world that send no event (a file, a process table), with a bound that fails loudly.</summary>
public static class Waiting
{
    /// <summary>Asks again and again until the answer is true.</summary>
    /// <param name="condition">The question.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the answer is true.</returns>
    /// <exception cref="TimeoutException">The answer was still false after three minutes.</exception>
    public static Task UntilAsync(Func<bool> condition, string what, CancellationToken cancellationToken) => UntilAsync(() => Task.FromResult(condition()), what, cancellationToken);

    /// <summary>Asks again and again until the answer is true.</summary>
    /// <param name="condition">The question.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when the answer is true.</returns>
    /// <exception cref="TimeoutException">The answer was still false after three minutes.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            try
            {
                await Task.Delay(5, bound.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited three minutes in vain for: {what}.");
            }
        }
    }
}
