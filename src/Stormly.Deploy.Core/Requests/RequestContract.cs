using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Json;
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

    /// <summary>How many words a set of inputs takes, see <see cref="OpenRequestBody"/>.</summary>
    public int Words => _inputs.Words;

    /// <summary>The place of an input among all.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The place; -1 where there is no such input.</returns>
    public int IndexOf(string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        return _inputs.Find(utf8, NameHash.Of(utf8))?.Index ?? -1;
    }

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
        var words = _inputs.Words;
        Span<ulong> present = words <= WordsOnStack ? stackalloc ulong[WordsOnStack] : new ulong[words];
        present = present[..words];
        var check = OpenRequestBody(callerBody, output, now, present);
        if (check.IsOk)
        {
            CloseRequestBody(output, present, []);
        }

        return check;
    }

    /// <summary>
    /// The first half of <see cref="WriteRequestBody"/>, for a request whose features are still to be found: everything up to the caller's last member. Who has found them,
    /// or not, calls <see cref="CloseRequestBody"/>.
    /// </summary>
    /// <param name="callerBody">As there.</param>
    /// <param name="output">Gets the body so far; nothing is written where there are problems.</param>
    /// <param name="now">The time of the request.</param>
    /// <param name="present">Zeros, <see cref="Words"/> of them; gets the bits of the inputs that the caller sent, with a value or with null.</param>
    /// <returns>All is well, or every problem at once.</returns>
    public RequestCheck OpenRequestBody(ReadOnlySpan<byte> callerBody, IBufferWriter<byte> output, DateTimeOffset now, Span<ulong> present)
    {
        if (callerBody.Length > _maxBodyBytes)
        {
            return RequestCheck.TooLarge(callerBody.Length, _maxBodyBytes);
        }

        var words = _inputs.Words;
        Span<ulong> supplied = words <= WordsOnStack ? stackalloc ulong[WordsOnStack] : new ulong[words];
        supplied = supplied[..words];
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

            Write(callerBody, props, output, now);
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

    private void Write(ReadOnlySpan<byte> body, PropsText props, IBufferWriter<byte> output, DateTimeOffset now)
    {
        var first = body[props.First];
        var second = body[props.Second];
        var writer = new BodyWriter(output.GetSpan(BodyWriter.Overhead + first.Length + second.Length + _filledBytes));
        writer.Open(now, _nowFormat);
        writer.AppendMembers(first);
        writer.AppendMembers(second);
        output.Advance(writer.Length);
    }

    /// <summary>The second half: the features that were found, then, by setting, the most common value of those that are still missing.</summary>
    /// <param name="output">What was opened.</param>
    /// <param name="present">What the caller sent. None of it is written again: its own value wins, also where it is null.</param>
    /// <param name="found">What was found, at most one value for each input.</param>
    public void CloseRequestBody(IBufferWriter<byte> output, ReadOnlySpan<ulong> present, ReadOnlySpan<FeatureMember> found)
    {
        if (found.IsEmpty && _filled.IsEmpty)
        {
            var end = new BodyWriter(output.GetSpan(BodyWriter.Overhead));
            output.Advance(end.Close());
            return;
        }

        var words = _inputs.Words;
        Span<ulong> there = words <= WordsOnStack ? stackalloc ulong[WordsOnStack] : new ulong[words];
        there = there[..words];
        present.CopyTo(there);
        var room = BodyWriter.Overhead + _filledBytes;
        foreach (var member in found)
        {
            room += _inputs.Inputs[member.Input].MemberStart.Length + member.Value.Utf8.Length;
        }

        var writer = new BodyWriter(output.GetSpan(room));
        foreach (var member in found)
        {
            if (Add(there, member.Input))
            {
                writer.Append(_inputs.Inputs[member.Input].MemberStart);
                writer.Append(member.Value.Utf8.Span);
            }
        }

        foreach (var input in _filled)
        {
            if (Add(there, input.Index))
            {
                writer.Append(input.RequestMember);
            }
        }

        output.Advance(writer.Close());
    }

    private static bool Add(Span<ulong> set, int index)
    {
        var bit = 1UL << (index % 64);
        var isNew = (set[index / 64] & bit) == 0;
        set[index / 64] |= bit;
        return isNew;
    }
}
