using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Stormly.Deploy.Docker.Engine;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Docker.Images;

/// <summary>Sees to it that the engine has the image of a start; fetches one image once, however many starts wait for it.</summary>
internal sealed class ImageKeeper(EngineClient engine, DockerHostOptions options, RegistryKeys keys, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _pulls = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>Finds the image of a plugin, and fetches it where the policy says so.</summary>
    /// <param name="spec">The start.</param>
    /// <param name="cancellationToken">Gives up; a fetch that is under way goes on for the next start.</param>
    /// <returns>The image's id.</returns>
    /// <exception cref="InstanceStartException">There is no image; lists what was tried.</exception>
    public async Task<string> EnsureAsync(InstanceSpec spec, CancellationToken cancellationToken)
    {
        var image = options.ImageOf(spec.Plugin) ?? throw new InstanceStartException(spec.Plugin, spec.Id, NoImage(spec.Plugin));
        var there = await FindAsync(image, cancellationToken).ConfigureAwait(false);
        if (ImageName.IsId(image) || options.Pull == DockerPullPolicy.Never || (there is not null && options.Pull == DockerPullPolicy.Missing))
        {
            return there ?? throw new InstanceStartException(spec.Plugin, spec.Id, $"{Missing(image)} Nothing was fetched, because {(ImageName.IsId(image) ? "an image id names no registry" : "`Docker:Pull` is Never")}. {Remedy}");
        }

        var problem = await PullOnceAsync(image).WaitAsync(cancellationToken).ConfigureAwait(false);
        there = await FindAsync(image, cancellationToken).ConfigureAwait(false) ?? there;
        if (problem is not null && there is not null)
        {
            DockerHostLog.PullFailed(logger, image, problem);
        }

        return there ?? throw new InstanceStartException(spec.Plugin, spec.Id, $"{Missing(image)} Fetching '{ImageName.WithTag(image)}' failed: {problem ?? "the engine says that it has it, and does not find it"}. {Remedy}");
    }

    /// <summary>Says what to do where a plugin has no image.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <returns>The words.</returns>
    public static string NoImage(PluginName plugin)
        => $"no image is set for plugin '{plugin}'. Set `Docker:Plugins:{plugin}:Image`, or `Docker:Image` for all plugins, to an image with a shell and the programs that the plugin's command calls.";

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private const string Remedy = "Build it or load it into the engine (docker build, docker load), correct `Docker:Image`, or see to it that the engine can reach the registry and may read from it (`Docker:Registries`, or docker login).";

    private static string Missing(string image) => $"its image '{PrintableText.Escape(image)}' is missing: the engine does not have it.";

    private async Task<string?> FindAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.AskAsync("look up an image", (c, t) => c.Images.InspectImageAsync(image, t), cancellationToken).ConfigureAwait(false)).ID;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    private Task<string?> PullOnceAsync(string image)
    {
        var pull = _pulls.GetOrAdd(image, _ => new Lazy<Task<string?>>(() => PullAsync(image)));
        return pull.Value;
    }

    /// <summary>Fetches, and answers what went wrong.</summary>
    private async Task<string?> PullAsync(string image)
    {
        RegistrySignIn? signIn = null;
        var progress = new PullProgress(ReportEvery, time, text => DockerHostLog.PullProgress(logger, image, text));
        try
        {
            DockerHostLog.Pulling(logger, image);
            var from = new ImagesCreateParameters { FromImage = ImageName.WithTag(image) };
            signIn = await keys.FindAsync(image, _end.Token).ConfigureAwait(false);
            await engine.AskLongAsync("fetch an image", (c, t) => c.Images.CreateImageAsync(from, signIn.Auth!, progress, t), _end.Token).ConfigureAwait(false);
            if (progress.Error is null)
            {
                DockerHostLog.Pulled(logger, image);
            }

            return Explain(progress.Error);
        }
        catch (DockerApiException error)
        {
            return Explain(progress.Error ?? EngineTrouble.Words(error));
        }
        catch (Exception error) when (error is BackendUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
            return progress.Error ?? error.Message;
        }
        finally
        {
            _pulls.TryRemove(image, out _);
        }

        string? Explain(string? problem) => problem is null ? null : $"{problem} ({signIn})";
    }
}
