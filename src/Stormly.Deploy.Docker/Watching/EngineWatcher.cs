using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Docker.Containers;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Hosts;

namespace Stormly.Deploy.Docker.Watching;

/// <summary>
/// Knows of every end of a container. Events say when to look, never what happened: they may be lost, and an engine that was restarted tells
/// nothing of what it did. So everything is compared after each connection, and now and then besides.
/// </summary>
internal sealed class EngineWatcher : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private readonly EngineClient _engine;
    private readonly ContainerCalls _calls;
    private readonly DockerHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _run;
    private readonly ConcurrentDictionary<string, DockerInstance?> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _condemned = new(StringComparer.Ordinal);
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private Task? _loop;
    private bool _lost;

    /// <summary>Makes a watcher that does nothing before there is something to watch.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="run">The mark of the containers that this backend started itself.</param>
    public EngineWatcher(EngineClient engine, DockerHostOptions options, TimeProvider time, ILogger logger, string run)
        => (_engine, _calls, _options, _time, _logger, _run) = (engine, new ContainerCalls(engine), options, time, logger, run);

    /// <summary>Announces a container that is about to be made: it is nobody's stray.</summary>
    /// <param name="instance">The instance.</param>
    public void Expect(string instance)
    {
        _known.TryAdd(instance, null);
        lock (_gate)
        {
            _loop ??= Task.Run(RunAsync);
        }
    }

    /// <summary>Watches a container from now on.</summary>
    /// <param name="instance">The instance.</param>
    public void Watch(DockerInstance instance)
    {
        Expect(instance.Id.Value);
        _known[instance.Id.Value] = instance;
    }

    /// <summary>Watches no longer.</summary>
    /// <param name="instance">The instance.</param>
    public void Forget(string instance) => _known.TryRemove(instance, out _);

    /// <summary>Removes a container as soon as the engine lets it.</summary>
    /// <param name="container">The container.</param>
    public void Condemn(string container) => _condemned[container] = true;

    /// <summary>Looks at a container at once, and ends its instance where it has ended.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task LookAsync(DockerInstance instance, CancellationToken cancellationToken)
    {
        if (ContainerCalls.EndOf(await _calls.InspectAsync(instance.ContainerId, cancellationToken).ConfigureAwait(false)) is { } end)
        {
            instance.End(end);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        if (_loop is { } loop)
        {
            await loop.ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        for (var wait = FirstWait; !_end.IsCancellationRequested; wait = wait * 2 < _options.ReconnectEvery ? wait * 2 : _options.ReconnectEvery)
        {
            try
            {
                await WatchAsync(() => wait = FirstWait).ConfigureAwait(false);
            }
            catch (Exception error) when (!_end.IsCancellationRequested)
            {
                if (!_lost)
                {
                    _lost = true;
                    DockerHostLog.EngineLost(_logger, error.Message);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(wait, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One connection, until it breaks: events from the moment before the comparison, the comparison, then whatever comes first.</summary>
    private async Task WatchAsync(Action connected)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var info = await _engine.AskAsync("tell its time", (c, t) => c.System.GetSystemInfoAsync(t), over.Token).ConfigureAwait(false);
        var events = ListenAsync(UnixSeconds(info.SystemTime), over.Token);
        var news = ReadNewsAsync(over.Token);
        var compare = CompareRegularlyAsync(connected, over.Token);
        try
        {
            await await Task.WhenAny(events, news, compare).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(events, news, compare).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(string since, CancellationToken cancellationToken)
    {
        var parameters = new ContainerEventsParameters
        {
            Since = since,
            Filters = ContainerCalls.Filter(("type", "container"), ("label", ContainerLabels.OwnerKey), ("event", "die"), ("event", "destroy")),
        };
        var sink = new EventSink(Hear);
        await _engine.AskLongAsync("tell of events", (c, t) => c.System.MonitorEventsAsync(parameters, sink, t), cancellationToken).ConfigureAwait(false);
        throw new BackendUnavailableException("the engine ended the stream of its events");
    }

    /// <summary>The engine tells its time in one form and wants it in another.</summary>
    private static string UnixSeconds(string time)
        => (DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    private void Hear(Message message)
    {
        if (message.Actor?.Attributes is { } labels && labels.TryGetValue(ContainerLabels.InstanceKey, out var id) && _known.GetValueOrDefault(id) is { } instance
            && instance.ContainerId == message.Actor.ID)
        {
            _news.Writer.TryWrite(id);
        }
    }

    private async Task ReadNewsAsync(CancellationToken cancellationToken)
    {
        await foreach (var id in _news.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_known.GetValueOrDefault(id) is { } instance)
            {
                await LookAsync(instance, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CompareRegularlyAsync(Action connected, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.CompareEvery, _time);
        do
        {
            await CompareAsync(cancellationToken).ConfigureAwait(false);
            connected();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var known = _known.Values.OfType<DockerInstance>().ToList();
        var there = await _calls.ListAsync(ContainerLabels.OwnerKey, cancellationToken).ConfigureAwait(false);
        var running = there.Where(c => c.State is "running" or "paused").Select(c => c.ID).ToHashSet(StringComparer.Ordinal);
        foreach (var instance in known.Where(i => !running.Contains(i.ContainerId)))
        {
            await LookAsync(instance, cancellationToken).ConfigureAwait(false);
        }

        foreach (var container in there)
        {
            await SweepAsync(container, cancellationToken).ConfigureAwait(false);
        }

        if (_lost)
        {
            _lost = false;
            DockerHostLog.EngineBack(_logger, there.Count);
        }
    }

    /// <summary>Removes what an interrupted start or stop of this backend left behind.</summary>
    private async Task SweepAsync(ContainerListResponse container, CancellationToken cancellationToken)
    {
        var labels = ContainerLabels.Read(container.Labels);
        var stray = labels is not null && labels.Run == _run && !_known.ContainsKey(labels.Instance.Value);
        if (!stray && !_condemned.ContainsKey(container.ID))
        {
            return;
        }

        try
        {
            await _calls.RemoveAsync(container.ID, cancellationToken).ConfigureAwait(false);
            _condemned.TryRemove(container.ID, out _);
            DockerHostLog.Swept(_logger, container.ID[..12], labels!.Instance, "a start or a stop of it was interrupted");
            if (_known.GetValueOrDefault(labels.Instance.Value) is { } instance && instance.ContainerId == container.ID)
            {
                instance.End(ContainerEnd.Removed);
            }
        }
        catch (DockerApiException error)
        {
            DockerHostLog.RemovalPending(_logger, container.ID[..12], EngineTrouble.Words(error));
        }
    }

    private sealed class EventSink(Action<Message> hear) : IProgress<Message>
    {
        public void Report(Message value) => hear(value);
    }
}
