using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Stormly.Deploy.Hosts;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Testing;

/// <summary>
/// One instance in memory. What it does is said when it starts (<see cref="InMemoryInstanceHost.OnStart"/>) or while it runs: how it answers, what goes
/// wrong, when it ends. Left alone it listens at once, answers everything with 200, and ends when it is asked to. All members may be used from any thread.
/// </summary>
public sealed partial class InMemoryInstance
{
    private const int OutputBytes = 64 * 1024;

    private readonly ConcurrentQueue<InMemoryRequest> _statusChecks = new();
    private readonly ConcurrentQueue<InMemoryRequest> _requests = new();
    private readonly OutputTail _output = new(OutputBytes);
    private readonly long _startedAt;
    private InMemoryAnswer? _everything;

    internal InMemoryInstance(InMemoryInstanceHost host, InstanceSpec spec)
    {
        (Host, Spec, Address) = (host, spec, host.Machine.NextAddress());
        _startedAt = host.Time.GetTimestamp();
        Manifest = File.Exists(spec.ManifestFile) ? File.ReadAllText(spec.ManifestFile) : "";
        Environment = spec.Environment.SetItems(
        [
            new("MANIFEST_FILE", spec.ManifestFile),
            new("LOG_FILE", spec.LogFile),
            new("PORT", Address.Port.ToString(CultureInfo.InvariantCulture)),
        ]);
    }

    /// <summary>What was started: the command, the plugin, the revision, the folders.</summary>
    public InstanceSpec Spec { get; }

    /// <summary>Its name.</summary>
    public InstanceId Id => Spec.Id;

    /// <summary>Where it is reached, in memory only: through <see cref="InMemoryMachine.Caller"/>.</summary>
    public InstanceAddress Address { get; }

    /// <summary>What stood in <c>MANIFEST_FILE</c> when it started.</summary>
    public string Manifest { get; }

    /// <summary>Its variables: those that the host application gave, and the contract's own three.</summary>
    public ImmutableDictionary<string, string> Environment { get; }

    /// <summary>The answer to its status checks. Default <see cref="InMemoryAnswer.Ok"/>.</summary>
    public InMemoryAnswer Status { get; set; } = InMemoryAnswer.Ok;

    /// <summary>Its answers to requests, whatever its status checks say. Default <see cref="InMemoryAnswer.Ok"/>.</summary>
    public Func<InMemoryRequest, InMemoryAnswer> Answer { get; set; } = static _ => InMemoryAnswer.Ok;

    /// <summary>How long after its start it begins to listen, by the host's clock. Default 0.</summary>
    public TimeSpan ListensAfter { get; set; }

    /// <summary>Who listens at its address, as the backend is to say. Default null: itself, once it listens.</summary>
    public ListenerCheck? Listener { get; set; }

    /// <summary>The status checks that it got, oldest first.</summary>
    public IReadOnlyCollection<InMemoryRequest> StatusChecks => _statusChecks;

    /// <summary>The requests that it got, oldest first.</summary>
    public IReadOnlyCollection<InMemoryRequest> Requests => _requests;

    /// <summary>The backend that has it in hand: the one that started it, or took it over last.</summary>
    internal InMemoryInstanceHost Host { get; private set; }

    internal TimeProvider Time => Host.Time;

    /// <summary>Answers every request so.</summary>
    /// <param name="answer">The answer.</param>
    public void AnswerWith(InMemoryAnswer answer) => Answer = _ => answer;

    /// <summary>From now on it takes connections and answers nothing: hung, stopped by SIGSTOP, out of threads.</summary>
    public void Freeze() => _everything = InMemoryAnswer.Silent;

    /// <summary>From now on nobody listens, although it runs.</summary>
    public void StopListening() => _everything = InMemoryAnswer.Refused;

    /// <summary>Undoes <see cref="Freeze"/> and <see cref="StopListening"/>.</summary>
    public void Recover() => _everything = null;

    /// <summary>Writes a line to its output, as standard output and error do: it shows in errors.</summary>
    /// <param name="line">The line.</param>
    public void Write(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes bytes to its output.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes) => _output.Append(bytes);

    /// <summary>The last lines of its output, as errors show them.</summary>
    /// <returns>Printable text.</returns>
    public string ReadOutputTail() => _output.Render();

    /// <summary>Takes a call.</summary>
    internal InMemoryAnswer Hear(InMemoryRequest request)
    {
        if (!IsListening)
        {
            return InMemoryAnswer.Refused;
        }

        // A plugin may take both at one path; then nothing tells them apart.
        var isCheck = request.Path == Spec.StatusPath && request.Path != Spec.RequestPath;
        (isCheck ? _statusChecks : _requests).Enqueue(request);
        return _everything ?? (isCheck ? Status : Answer(request));
    }

    internal ListenerCheck FindListener() => Listener ?? (IsListening ? new ListenerCheck(ListenerVerdict.Ours) : new ListenerCheck(ListenerVerdict.Nobody, "nobody listens at its address"));

    private bool IsListening => !IsGone && _everything != InMemoryAnswer.Refused && Time.GetElapsedTime(_startedAt) >= ListensAfter;
}
