using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;
using Stormly.Deploy.Requests;

namespace Stormly.Deploy.Core.Tests.Requests;

/// <summary>Small contracts and the shortest way to use them.</summary>
internal static class Contracts
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    public static FeatureDescriptor Feature(string key, NativeType type, string? mostCommon = null, string? kind = null) => new()
    {
        Key = key,
        NativeType = type,
        Kind = kind,
        MostCommon = mostCommon is null ? null : RawJson.FromText(mostCommon),
    };

    public static ExplainedInput Input(
        string name, bool required = true, string? explanation = null, FeatureDescriptor? feature = null, params string[] examples) => new()
        {
            Name = name,
            Required = required,
            Explanation = explanation,
            Feature = feature,
            Examples = [.. examples.Select(RawJson.FromText)],
        };

    public static ExplainedTab Tab(string? title, params ExplainedInput[] inputs) => new() { Title = title, Inputs = [.. inputs] };

    /// <summary>A contract with one tab; its features are those of its inputs.</summary>
    public static RequestContract OneTab(RequestOptions? options, params ExplainedInput[] inputs) => Tabs(options, Tab(null, inputs));

    public static RequestContract Tabs(RequestOptions? options, params ExplainedTab[] tabs)
    {
        var features = tabs.SelectMany(t => t.Inputs).Select(i => i.Feature).OfType<FeatureDescriptor>().DistinctBy(f => f.Key).ToImmutableArray();
        return RequestContract.Create(new PluginExplanation { Tabs = [.. tabs] }, features, options ?? new RequestOptions());
    }

    public static (RequestCheck Check, string Output) Send(this RequestContract contract, string body) => contract.Send(Encoding.UTF8.GetBytes(body));

    public static (RequestCheck Check, string Output) Send(this RequestContract contract, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>();
        var check = contract.WriteRequestBody(body, output, Now);
        return (check, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    /// <summary>Sends a body that must be refused, with nothing written.</summary>
    public static ImmutableArray<RequestProblem> Refuse(this RequestContract contract, string body)
    {
        var (check, output) = contract.Send(body);
        Assert.False(check.IsOk, "accepted: " + output);
        Assert.Equal("", output);
        return check.Problems;
    }

    /// <summary>Sends a body that must be accepted.</summary>
    public static string Accept(this RequestContract contract, string body)
    {
        var (check, output) = contract.Send(body);
        Assert.True(check.IsOk, string.Join('\n', check.Problems));
        return output;
    }

    public static string StatusBody(this RequestContract contract)
    {
        var output = new ArrayBufferWriter<byte>();
        contract.WriteStatusBody(output, Now);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
