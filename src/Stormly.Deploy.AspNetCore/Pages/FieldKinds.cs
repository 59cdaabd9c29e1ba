using System.Collections.Immutable;
using System.Text.Json;
using Stormly.Deploy.Explain;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.AspNetCore.Pages;

/// <summary>Finds what a field takes: from the feature's native type, else from the examples where they agree.</summary>
internal static class FieldKinds
{
    public static FieldKind Of(ExplainedInput input) => input.Feature?.NativeType switch
    {
        NativeType.Boolean => FieldKind.Flag,
        NativeType.Integer => FieldKind.Integer,
        NativeType.Float => FieldKind.Number,
        NativeType.String => FieldKind.Text,
        _ => OfExamples(input.Examples),
    };

    /// <summary>The type in a reader's words.</summary>
    public static string Word(FieldKind kind) => kind switch
    {
        FieldKind.Flag => "true or false",
        FieldKind.Integer => "whole number",
        FieldKind.Number => "number",
        FieldKind.Text => "text",
        _ => "any JSON",
    };

    /// <summary>The kind of one JSON value.</summary>
    public static FieldKind Of(RawJson value) => (char)value.Utf8.Span.TrimStart(" \t\r\n"u8)[0] switch
    {
        '"' => FieldKind.Text,
        't' or 'f' => FieldKind.Flag,
        '-' or (>= '0' and <= '9') => FieldKind.Number,
        _ => FieldKind.Any,
    };

    /// <summary>The text of a JSON string.</summary>
    public static string TextOf(RawJson value)
    {
        var reader = new Utf8JsonReader(value.Utf8.Span);
        reader.Read();
        return reader.GetString()!;
    }

    private static FieldKind OfExamples(ImmutableArray<RawJson> examples)
    {
        var kinds = examples.Select(Of).Distinct().Take(2).ToList();
        return kinds.Count == 1 ? kinds[0] : FieldKind.Any;
    }
}
