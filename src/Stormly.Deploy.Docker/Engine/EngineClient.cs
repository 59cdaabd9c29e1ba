using Docker.DotNet;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Engine;

/// <summary>The one way to the engine: finds it, bounds every call, and says in words why it cannot be had.</summary>
internal sealed class EngineClient(DockerHostOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private DockerClient? _client;
    private Uri? _endpoint;
    private bool _disposed;
    private bool? _rootless;

    /// <summary>Whether the engine runs on this machine, as far as its address tells.</summary>
    public bool IsLocal => _endpoint is { } endpoint && EngineEndpoint.IsLocal(endpoint);

    /// <summary>Asks the engine something that must be answered within <see cref="DockerHostOptions.CallTimeout"/>.</summary>
    /// <param name="what">The question as a verb, for messages, e.g. "create a container".</param>
    /// <param name="call">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="BackendUnavailableException">The engine cannot be reached or does not answer.</exception>
    /// <exception cref="DockerApiException">The engine answered with an error.</exception>
    public async Task<T> AskAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(options.CallTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        return await AskLongAsync(what, call, both.Token, bound.Token).ConfigureAwait(false);
    }

    /// <summary>As <see cref="AskAsync{T}"/>, for calls without an answer.</summary>
    public Task AskAsync(string what, Func<DockerClient, CancellationToken, Task> call, CancellationToken cancellationToken)
        => AskAsync(what, (client, token) => Done(call(client, token)), cancellationToken);

    /// <summary>Whether the engine runs as an ordinary user, in a user namespace of its own. Asked once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> IsRootlessAsync(CancellationToken cancellationToken)
        => _rootless ??= (await AskAsync("tell about itself", (c, t) => c.System.GetSystemInfoAsync(t), cancellationToken).ConfigureAwait(false))
            .SecurityOptions?.Any(o => o.Contains("name=rootless", StringComparison.Ordinal)) == true;

    /// <summary>Asks the engine something that takes as long as it takes: fetching an image, waiting for an end.</summary>
    public Task AskLongAsync(string what, Func<DockerClient, CancellationToken, Task> call, CancellationToken cancellationToken)
        => AskLongAsync(what, (client, token) => Done(call(client, token)), cancellationToken, CancellationToken.None);

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _client?.Dispose();
        }
    }

    private static async Task<bool> Done(Task task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    private async Task<T> AskLongAsync<T>(string what, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken, CancellationToken bound)
    {
        var client = Client();
        try
        {
            return await call(client, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (bound.IsCancellationRequested && error is OperationCanceledException or IOException or HttpRequestException)
        {
            throw new BackendUnavailableException(EngineTrouble.Silent(_endpoint!, what, options.CallTimeout), error);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && EngineTrouble.IsOfEngine(error))
        {
            throw new BackendUnavailableException(EngineTrouble.Unreachable([_endpoint!], error), error);
        }
    }

    private DockerClient Client()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is null)
            {
                _endpoint = Find();
                _client = new DockerClientBuilder().WithEndpoint(_endpoint).WithTimeout(Timeout.InfiniteTimeSpan).Build();
            }

            return _client;
        }
    }

    private Uri Find()
    {
        try
        {
            var candidates = EngineEndpoint.Candidates(options.Endpoint, Environment.GetEnvironmentVariable);
            return candidates.FirstOrDefault(c => c.Scheme != "unix" || File.Exists(c.LocalPath))
                ?? throw new BackendUnavailableException(EngineTrouble.NotThere(candidates));
        }
        catch (FormatException error)
        {
            throw new BackendUnavailableException(error.Message, error);
        }
    }
}
