using System.Buffers;
using Stormly.Deploy.Documents;

namespace Stormly.Deploy.AspNetCore;

/// <summary>One of the documents that say of a plugin what its explain page says.</summary>
/// <param name="MediaType">Its type.</param>
/// <param name="ContentType">The type as it is announced.</param>
/// <param name="Write">Writes it.</param>
internal sealed record ExplainDocument(string MediaType, string ContentType, Action<PluginDescription, PluginAddress, IBufferWriter<byte>> Write)
{
    public static ExplainDocument Explanation { get; } = new("application/json", "application/json", PluginDocuments.WriteExplanation);

    public static ExplainDocument OpenApi { get; } = new("application/json", "application/json", PluginDocuments.WriteOpenApi);

    public static ExplainDocument Markdown { get; } = new("text/markdown", "text/markdown; charset=utf-8", PluginDocuments.WriteMarkdown);

    public static ExplainDocument RequestSchema { get; } = new(
        "application/schema+json", "application/schema+json", static (description, _, output) => PluginDocuments.WriteRequestSchema(description, output));
}
