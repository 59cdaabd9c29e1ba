using System.Buffers;
using System.Collections.Immutable;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;

namespace Stormly.Deploy.Requests;

/// <summary>
/// What one revision of a plugin expects in its requests, compiled once: immutable, used by every request at the same time. Checks what callers send and writes
/// what the plugin gets (contract §6).
/// </summary>
internal sealed class RequestContract
{
    private const int WordsOnStack = 16;

    private readonly InputTable _inputs;
    private readonly int _maxBodyBytes;
    private readonly int _maxDepth;
    private readonly NowFormat _nowFormat;
    private readonly ImmutableArray<KnownInput> _filled;
    private readonly int _filledBytes;
    private readonly byte[] _statusMembers;

    private RequestContract(PluginExplanation explanation, ImmutableArray<FeatureDescriptor> features, RequestOptions options)
    {
        Explanation = explanation;
        Features = features;
        var inputs = InputCompiler.Compile(explanation, features);
        _inputs = inputs;
        _maxBodyBytes = options.MaxBodyBytes;
        _maxDepth = options.MaxDepth;
        _nowFormat = options.NowFormat;
        _filled = options.FillMissingFeatures ? [.. inputs.Inputs.Where(i => i.RequestMember is not null)] : [];
        _filledBytes = _filled.Sum(i => i.RequestMember!.Length);
        _statusMembers = [.. inputs.Inputs.SelectMany(i => i.StatusMember ?? [])];
    }

    /// <summary>What it was compiled from: the explanation with the features added.</summary>
    public PluginExplanation Explanation { get; }

    /// <summary>The features of the model.</summary>
    public ImmutableArray<FeatureDescriptor> Features { get; }

    /// <summary>Compiles a contract.</summary>
    /// <param name="explanation">The plugin's explanation with its features added: it says what is required.</param>
    /// <param name="features">The features of the model: they say types and most common values.</param>
    /// <param name="options">The settings; read now, later changes have no effect.</param>
    /// <returns>The contract.</returns>
    public static RequestContract Create(PluginExplanation explanation, ImmutableArray<FeatureDescriptor> features, RequestOptions options)
        => new(explanation, features, options);

    /// <summary>
    /// Writes the body of a status check: <c>now</c>, the most common value of every feature (a neutral one by native type where none is known), and the
    /// first example of every other explained input, which is left out where it has none.
    /// </summary>
    /// <param name="output">Gets the body.</param>
    /// <param name="now">The time of the check.</param>
    public void WriteStatusBody(IBufferWriter<byte> output, DateTimeOffset now)
    {
        var writer = new BodyWriter(output.GetSpan(BodyWriter.Overhead + _statusMembers.Length));
        writer.Open(now, _nowFormat);
        writer.Append(_statusMembers);
        output.Advance(writer.Close());
    }

    /// <summary>
    /// Checks a caller's body and, where it is good, writes the plugin's: the library's <c>now</c>, then the caller's props byte for byte (without a
    /// <c>now</c> of their own), then, by setting, the most common value of features that nobody supplied.
    /// </summary>
    /// <param name="callerBody"><c>{"props": {...}}</c>; <c>context</c> may stand beside it, is for the library, and does not reach the plugin.</param>
    /// <param name="output">Gets the body; nothing is written where there are problems.</param>
    /// <param name="now">The time of the request.</param>
    /// <returns>All is well, or every problem at once.</returns>
    public RequestCheck WriteRequestBody(ReadOnlySpan<byte> callerBody, IBufferWriter<byte> output, DateTimeOffset now)
    {
        if (callerBody.Length > _maxBodyBytes)
        {
            return RequestCheck.TooLarge(callerBody.Length, _maxBodyBytes);
        }

        var words = _inputs.Words;
        Span<ulong> sets = words <= WordsOnStack ? stackalloc ulong[2 * WordsOnStack] : new ulong[2 * words];
        var supplied = sets[..words];
        var present = sets.Slice(words, words);
        Span<Range> unknown = stackalloc Range[RequestBodyReader.UnknownLimit];
        var reader = new RequestBodyReader(callerBody, _inputs, _maxDepth, supplied, present, unknown);
        try
        {
            if (reader.Read(out var props))
            {
                SupplyFeatures(supplied, present);
                MissingInputs.Report(_inputs, supplied, ref reader, present, callerBody);
            }

            if (reader.ProblemsOrNull is { } problems)
            {
                return problems.ToCheck();
            }

            Write(callerBody, props, present, output, now);
            return RequestCheck.Ok;
        }
        finally
        {
            reader.Dispose();
        }
    }

    private void SupplyFeatures(Span<ulong> supplied, ReadOnlySpan<ulong> present)
    {
        foreach (var input in _filled)
        {
            supplied[input.Index / 64] |= ~present[input.Index / 64] & (1UL << (input.Index % 64));
        }
    }

    private void Write(ReadOnlySpan<byte> body, PropsText props, ReadOnlySpan<ulong> present, IBufferWriter<byte> output, DateTimeOffset now)
    {
        var first = body[props.First];
        var second = body[props.Second];
        var writer = new BodyWriter(output.GetSpan(BodyWriter.Overhead + first.Length + second.Length + _filledBytes));
        writer.Open(now, _nowFormat);
        writer.AppendMembers(first);
        writer.AppendMembers(second);
        foreach (var input in _filled)
        {
            if ((present[input.Index / 64] & (1UL << (input.Index % 64))) == 0)
            {
                writer.Append(input.RequestMember);
            }
        }

        output.Advance(writer.Close());
    }
}
