using System.Text.Json;
using Stormly.Deploy.Json;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Stages;

/// <summary>Takes <c>http</c> and <c>status</c> out of a checked stage result and steps over everything else.</summary>
internal static class StageResultReader
{
    private const int MaxStatusText = 2000;

    /// <summary>Reads the members that matter.</summary>
    public static StageResult? Read(string stage, string origin, CheckedJson json, ProblemList problems)
    {
        var reader = new Utf8JsonReader(json.Text.Span, RawToken.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Error("", "must be a JSON object", "Write {\"data\": ..., \"status\": ..., \"http\": ...}.", json.Written.Span);
            return null;
        }

        var result = new StageResult { Stage = stage, Origin = origin };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isHttp = reader.ValueTextEquals("http"u8);
            var isStatus = reader.ValueTextEquals("status"u8);
            reader.Read();
            var isNull = reader.TokenType == JsonTokenType.Null || NonFinite.StandsAt(json.Written.Span, (int)reader.TokenStartIndex);
            if (isStatus && !isNull)
            {
                result = ReadStatus(result, ref reader, json, problems);
            }
            else if (isHttp && !isNull)
            {
                result = result with { Http = CopyValue(ref reader, json) };
            }
            else
            {
                reader.Skip();
            }
        }

        return result;
    }

    private static RawJson CopyValue(ref Utf8JsonReader reader, CheckedJson json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var range = start..(int)reader.BytesConsumed;
        return new RawJson(NonFinite.CopyWithNulls(json.Written.Span[range], json.Text.Span[range]));
    }

    private static StageResult ReadStatus(StageResult result, ref Utf8JsonReader reader, CheckedJson json, ProblemList problems)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = json.Text.Span[start..(int)reader.BytesConsumed];
            problems.Error("/status", "must be an object with code, title and explanation", "Write {\"code\": \"success\"}, or leave it out.", value);
            return result with { Succeeded = false };
        }

        var code = default(RawJson);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            var isTitle = reader.ValueTextEquals("title"u8);
            var isExplanation = reader.ValueTextEquals("explanation"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
            code = isCode ? new RawJson(json.Written[start..(int)reader.BytesConsumed]) : code;
            result = isCode ? result with { StatusCode = text } : isTitle ? result with { StatusTitle = text } : isExplanation ? result with { StatusExplanation = text } : result;
        }

        return result.StatusCode == "success" ? result : Failed(result, code, problems);
    }

    private static StageResult Failed(StageResult result, RawJson code, ProblemList problems)
    {
        string?[] said = [result.StatusTitle, result.StatusExplanation];
        var words = string.Join(": ", said.Where(s => !string.IsNullOrWhiteSpace(s)).Select(s => PrintableText.Escape(s, maxLength: MaxStatusText)));
        problems.Error(
            "/status/code",
            "must be \"success\"; the stage ended otherwise" + (words.Length == 0 ? "" : $" and says: {words}"),
            "Mend the stage and run it again.",
            code.Utf8.Span);
        return result with { Succeeded = false };
    }
}
