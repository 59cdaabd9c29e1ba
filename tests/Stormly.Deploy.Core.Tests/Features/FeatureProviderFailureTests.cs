using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Stormly.Deploy.Features;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Runtime;

namespace Stormly.Deploy.Core.Tests.Features;

public sealed class FeatureProviderFailureTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<IReadOnlyDictionary<string, FeatureValue>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The log tells a cause once; how often it happens is for the meter.</summary>
    [Fact]
    public async Task Find_ProviderSuppliesNothing_IsCountedEachTimeByWhatHappened()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<DeploymentMetrics>().BuildServiceProvider();
        var metrics = services.GetRequiredService<DeploymentMetrics>();
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "stormly.deploy.feature.provider.failures" && instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Enqueue($"{tags[0].Value} {tags[1].Value}"));
        listener.Start();

        await FindAsync(new Provider(() => throw new InvalidOperationException("broken")), metrics);
        var late = new Provider(() => new(_answer.Task));
        for (var i = 0; i <= ProviderCalls.MostOverdue; i++)
        {
            await FindAsync(late, metrics);
        }

        Assert.Equal([.. Enumerable.Repeat("churn late", ProviderCalls.MostOverdue).Prepend("churn failed"), "churn not_asked"], counted);
    }

    /// <summary>A provider that answers in time leaves nothing that waits for its time to be up.</summary>
    [Fact]
    public async Task Find_ProviderAnswersInTime_LeavesNoTimer()
    {
        var time = new CountingTime();
        var sources = new FeatureSources([], [new Provider(() => new(_answer.Task))], new FeatureOptions(), time, NullLogger.Instance);
        var finding = new RequestFeatures(sources, "churn", () => null, default).FindAsync(sources.Plan("churn", Features)!, [], Token);

        _answer.SetResult(new Dictionary<string, FeatureValue>());

        Assert.True(await finding);
        await time.AllGone.WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    private static System.Collections.Immutable.ImmutableArray<FeatureDescriptor> Features { get; } = [new FeatureDescriptor { Key = "feature_a", NativeType = NativeType.Integer }];

    private readonly Dictionary<Provider, FeatureSources> _sources = [];

    private async Task FindAsync(Provider provider, DeploymentMetrics metrics)
    {
        var sources = _sources.TryGetValue(provider, out var made) ? made : _sources[provider] = new FeatureSources([], [provider], new FeatureOptions(), _time, NullLogger.Instance, metrics.ProviderFailed);
        var finding = new RequestFeatures(sources, "churn", () => null, default).FindAsync(sources.Plan("churn", Features)!, [], Token).AsTask();
        _time.Advance(sources.Options.ProviderTimeout);
        Assert.False(await finding);
    }

    private sealed class Provider(Func<ValueTask<IReadOnlyDictionary<string, FeatureValue>>> provide) : IFeatureProvider
    {
        public bool Provides(string plugin, FeatureDescriptor feature) => true;

        public ValueTask<IReadOnlyDictionary<string, FeatureValue>> ProvideAsync(FeatureRequest request, CancellationToken cancellationToken) => provide();
    }

    /// <summary>Counts the timers that nobody has disposed of.</summary>
    private sealed class CountingTime : TimeProvider
    {
        private readonly TaskCompletionSource _allGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _living;

        /// <summary>Completes when the last one is gone.</summary>
        public Task AllGone => _allGone.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _living);
            return new Counted(this, System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        }

        private sealed class Counted(CountingTime owner, ITimer inner) : ITimer
        {
            private int _disposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _disposed, 1) == 0)
                {
                    inner.Dispose();
                    if (Interlocked.Decrement(ref owner._living) == 0)
                    {
                        owner._allGone.TrySetResult();
                    }
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
