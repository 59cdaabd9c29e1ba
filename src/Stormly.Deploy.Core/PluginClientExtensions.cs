using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Stormly.Deploy;

/// <summary>Calls a plugin like a function: an answer comes back, everything else is thrown.</summary>
public static class PluginClientExtensions
{
    private static readonly JsonEncodedText Props = JsonEncodedText.Encode("props");

    /// <summary>Asks a plugin.</summary>
    /// <param name="client">The client.</param>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="props">The request's properties; <c>now</c> is added.</param>
    /// <param name="context">What is known of the request beside its body; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, an object or an array.</returns>
    /// <exception cref="PluginCallException">There was no answer: says why, and when trying again makes sense.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<JsonElement> InvokeAsync(
        this IPluginClient client, string plugin, JsonObject props, PluginCallContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(props);
        return AskAsync(client, plugin, writer => props.WriteTo(writer), ReadElement, context, cancellationToken);
    }

    /// <summary>Asks a plugin with types of the host application.</summary>
    /// <typeparam name="TProps">The type of the properties.</typeparam>
    /// <typeparam name="TAnswer">The type of the answer.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="props">The request's properties; <c>now</c> is added.</param>
    /// <param name="propsType">How the properties are written, from a source-generated context.</param>
    /// <param name="answerType">How the answer is read, from a source-generated context.</param>
    /// <param name="context">What is known of the request beside its body; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="PluginCallException">There was no answer: says why, and when trying again makes sense.</exception>
    /// <exception cref="JsonException">The answer is good JSON but no <typeparamref name="TAnswer"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<TAnswer> InvokeTypedAsync<TProps, TAnswer>(
        this IPluginClient client,
        string plugin,
        TProps props,
        JsonTypeInfo<TProps> propsType,
        JsonTypeInfo<TAnswer> answerType,
        PluginCallContext? context = null,
        CancellationToken cancellationToken = default)
        => AskAsync(
            client,
            plugin,
            writer => JsonSerializer.Serialize(writer, props, propsType),
            body => JsonSerializer.Deserialize(body.Span, answerType) ?? throw new JsonException($"The answer is no {typeof(TAnswer).Name}."),
            context,
            cancellationToken);

    private static async Task<T> AskAsync<T>(
        IPluginClient client, string plugin, Action<Utf8JsonWriter> writeProps, Func<ReadOnlyMemory<byte>, T> read, PluginCallContext? context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(Props);
            writeProps(writer);
            writer.WriteEndObject();
        }

        using var response = await client.SendAsync(plugin, body.WrittenMemory, context, cancellationToken).ConfigureAwait(false);
        if (response.Outcome == PluginOutcome.Cancelled)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        return response.Outcome == PluginOutcome.Ok ? read(response.Body) : throw new PluginCallException(plugin, response);
    }

    private static JsonElement ReadElement(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 1000 });
        return document.RootElement.Clone();
    }
}
