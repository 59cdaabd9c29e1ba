using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Routing;

namespace Stormly.Deploy.Testing;

/// <summary>The world of one case: a folder, the host applications in it, and the eyes that see from outside what answers.</summary>
internal sealed class ConformanceBench(
    Func<string, IInstanceHost> makeHost, Func<string, string> command, IInstanceCaller? caller, ConformanceOptions options, CancellationToken token) : IDisposable
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<HostApplication> _applications = new();
    private readonly HttpCaller _http = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("stormly-conformance-").FullName;

    public ConformanceOptions Options => options;

    public CancellationToken Token => token;

    /// <summary>The host applications, oldest first.</summary>
    public IReadOnlyCollection<HostApplication> Applications => _applications;

    /// <summary>A host application with a state folder of its own; or the next run of one that was there before.</summary>
    public HostApplication NewApplication(string? stateFolder = null)
    {
        stateFolder ??= Directory.CreateDirectory(Path.Combine(Folder, $"application-{_applications.Count}")).FullName;
        var application = new HostApplication(this, stateFolder, makeHost(stateFolder), command);
        _applications.Enqueue(application);
        return application;
    }

    /// <summary>Calls a path of the plugin.</summary>
    public async Task<JsonElement> CallAsync(IInstance instance, string path)
    {
        using var outcome = await PostAsync(instance, path, options.Patience).ConfigureAwait(false);
        var seen = outcome.Result == CallResult.Answered ? string.Create(CultureInfo.InvariantCulture, $"code {outcome.StatusCode}") : outcome.Detail;
        try
        {
            if (outcome is { Result: CallResult.Answered, StatusCode: 200 })
            {
                using var document = JsonDocument.Parse(outcome.Body);
                return document.RootElement.Clone();
            }
        }
        catch (JsonException e)
        {
            seen = e.Message;
        }

        throw Breach.Of("a plugin that listens is reached at IInstance.Address until it ends.", $"POST http://{instance.Address}{path}: {seen}", Guide.Ports, instance);
    }

    /// <summary>Asks once whether the plugin answers its status check at the moment.</summary>
    public Task<bool> AnswersNowAsync(IInstance instance) => AnswersAsync(instance, Glance);

    /// <summary>Asks once whether the plugin answers its status check; it may take its time over that, as the machine may be busy.</summary>
    public Task<bool> AnswersAsync(IInstance instance) => AnswersAsync(instance, options.Patience);

    /// <summary>Waits until the plugin answers, and fails at once where it ends instead.</summary>
    public async Task WaitReadyAsync(IInstance instance)
    {
        const string Asked = "a plugin that was started runs, and is reached at IInstance.Address as soon as it listens.";
        if (!await UntilAsync(async () => instance.Exited.IsCompleted || await AnswersNowAsync(instance).ConfigureAwait(false)).ConfigureAwait(false))
        {
            throw Breach.Of(Asked, $"nobody answered POST http://{instance.Address}/status within {options.Patience}; the instance runs on.", Guide.Ports, instance);
        }

        if (instance.Exited.IsCompleted)
        {
            var exit = await instance.Exited.ConfigureAwait(false);
            throw Breach.Of(Asked, $"it ended before it answered: {exit.Reason} (Is '{options.Python}' there, 3.6 or later? See ConformanceOptions.Python.)", Guide.Start, instance);
        }
    }

    /// <summary>Asks again and again.</summary>
    /// <returns>Whether the answer was yes within the suite's patience.</returns>
    public async Task<bool> UntilAsync(Func<Task<bool>> question)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await question().ConfigureAwait(false))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > options.Patience)
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, token).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Awaits something of the backend; what never comes, and what fails, is a breach.</summary>
    public async Task<T> WithinAsync<T>(Task<T> task, string asked, string readOn, IInstance? instance = null)
    {
        try
        {
            return await task.WaitAsync(options.Patience, TimeProvider.System, token).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Breach.Of(asked, $"it had not happened after {options.Patience}.", readOn, instance);
        }
        catch (Exception e) when (e is not OperationCanceledException || !token.IsCancellationRequested)
        {
            throw Breach.Of(asked, $"it failed with {e.GetType().Name}: {e.Message}", readOn, instance, e);
        }
    }

    /// <inheritdoc cref="WithinAsync{T}(Task{T}, string, string, IInstance?)"/>
    public Task WithinAsync(Task task, string asked, string readOn, IInstance? instance = null)
    {
        return WithinAsync(DoneAsync(), asked, readOn, instance);

        async Task<bool> DoneAsync()
        {
            await task.ConfigureAwait(false);
            return true;
        }
    }

    private async Task<bool> AnswersAsync(IInstance instance, TimeSpan limit)
    {
        using var outcome = await PostAsync(instance, HostApplication.StatusPath, limit).ConfigureAwait(false);
        return outcome is { Result: CallResult.Answered, StatusCode: 200 };
    }

    private async ValueTask<CallOutcome> PostAsync(IInstance instance, string path, TimeSpan limit)
    {
        var outcome = await (caller ?? _http).PostAsync(instance.Address, path, "{}"u8.ToArray(), new CallLimits(limit, MaxAnswerBytes), token).ConfigureAwait(false);
        token.ThrowIfCancellationRequested();
        return outcome;
    }

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
