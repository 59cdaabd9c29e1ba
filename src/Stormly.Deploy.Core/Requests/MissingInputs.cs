using Stormly.Deploy.Json;

namespace Stormly.Deploy.Requests;

/// <summary>Finds the required inputs that nobody supplied.</summary>
internal static class MissingInputs
{
    /// <summary>
    /// Adds a problem for each missing input. Several tabs are several ways to call a plugin: a request must satisfy one of them, and where it satisfies none it is told
    /// what the closest one lacks.
    /// </summary>
    /// <param name="inputs">What the plugin expects.</param>
    /// <param name="supplied">The inputs that have a value, from the caller or from the library.</param>
    /// <param name="reader">What the caller sent; gets the problems.</param>
    /// <param name="present">The inputs that the caller sent, also with null.</param>
    /// <param name="body">The caller's body.</param>
    public static void Report(
        InputTable inputs, ReadOnlySpan<ulong> supplied, ref RequestBodyReader reader, ReadOnlySpan<ulong> present, ReadOnlySpan<byte> body)
    {
        if (reader.HasWrongProps || inputs.FindUnsatisfied(supplied) is not { } tab)
        {
            return;
        }

        if (!reader.HasProps && reader.Problems.Count())
        {
            reader.Problems.Add(RequestProblemText.NoProps());
        }

        var title = inputs.Tabs.Length > 1 ? tab.Title : null;
        foreach (var input in inputs.Inputs)
        {
            var (word, bit) = (input.Index / 64, 1UL << (input.Index % 64));
            if ((tab.Required[word] & ~supplied[word] & bit) != 0 && reader.Problems.Count())
            {
                var isNull = (present[word] & bit) != 0;
                var sent = FindSlip(input, reader.Unknown, body);
                reader.Problems.Add(RequestProblemText.Missing(input, title, isNull, body[sent]));
            }
        }
    }

    private static Range FindSlip(KnownInput input, ReadOnlySpan<Range> unknown, ReadOnlySpan<byte> body)
    {
        foreach (var name in unknown)
        {
            if (NearMiss.IsLikely(input.Name, body[(name.Start.Value + 1)..(name.End.Value - 1)]))
            {
                return name;
            }
        }

        return default;
    }
}
