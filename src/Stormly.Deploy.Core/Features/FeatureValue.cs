using System.Globalization;
using System.Text.Encodings.Web;
using Stormly.Deploy.Manifests;
using Stormly.Deploy.Model;

namespace Stormly.Deploy.Features;

/// <summary>A value that a provider supplies: true or false, a whole number, a number, or a text. Converts from each of them by itself.</summary>
public readonly struct FeatureValue : IEquatable<FeatureValue>
{
    private readonly NativeType _type;
    private readonly double _number;
    private readonly long _whole;
    private readonly string? _text;

    private FeatureValue(NativeType type, long whole = 0, double number = 0, string? text = null) => (_type, _whole, _number, _text) = (type, whole, number, text);

    /// <summary>True or false.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value.</returns>
    public static FeatureValue FromBoolean(bool value) => new(NativeType.Boolean, value ? 1 : 0);

    /// <summary>A whole number.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The value.</returns>
    public static FeatureValue FromInt64(long value) => new(NativeType.Integer, value);

    /// <summary>A number.</summary>
    /// <param name="value">The value; what is not finite is no value.</param>
    /// <returns>The value.</returns>
    public static FeatureValue FromDouble(double value) => new(NativeType.Float, number: value);

    /// <summary>A text.</summary>
    /// <param name="value">The value; null is no value.</param>
    /// <returns>The value.</returns>
    public static FeatureValue FromString(string? value) => new(NativeType.String, text: value);

    /// <inheritdoc cref="FromBoolean"/>
    public static implicit operator FeatureValue(bool value) => FromBoolean(value);

    /// <inheritdoc cref="FromInt64"/>
    public static implicit operator FeatureValue(long value) => FromInt64(value);

    /// <inheritdoc cref="FromDouble"/>
    public static implicit operator FeatureValue(double value) => FromDouble(value);

    /// <inheritdoc cref="FromString"/>
    public static implicit operator FeatureValue(string? value) => FromString(value);

    /// <summary>Whether two values are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are.</returns>
    public static bool operator ==(FeatureValue left, FeatureValue right) => left.Equals(right);

    /// <summary>Whether two values differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(FeatureValue left, FeatureValue right) => !left.Equals(right);

    /// <summary>Whether there is no value: the default, a null text, a number that is not finite.</summary>
    public bool IsNone => _type switch
    {
        NativeType.Unknown => true,
        NativeType.String => _text is null,
        NativeType.Float => !double.IsFinite(_number),
        _ => false,
    };

    /// <inheritdoc/>
    public bool Equals(FeatureValue other) => (_type, _whole, _text) == (other._type, other._whole, other._text) && _number.Equals(other._number);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FeatureValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_type, _whole, _number, _text);

    /// <summary>The value as text, for people.</summary>
    /// <returns>JSON, or nothing where there is no value.</returns>
    public override string ToString() => Write(NativeType.Unknown)?.ToString() ?? "";

    /// <summary>Writes the value in a feature's native type.</summary>
    /// <param name="type">The type; unknown takes any.</param>
    /// <returns>JSON; null where it is not of that type. A whole number may be written with a fraction of zero.</returns>
    internal RawJson? Write(NativeType type)
    {
        if (IsNone)
        {
            return null;
        }

        var fits = type is NativeType.Unknown || type == _type || (type == NativeType.Float && _type == NativeType.Integer) || (type == NativeType.Integer && _type == NativeType.Float && double.IsInteger(_number));
        return !fits ? null : RawJson.FromText(_type switch
        {
            NativeType.Boolean => _whole != 0 ? "true" : "false",
            NativeType.Integer => _whole.ToString(CultureInfo.InvariantCulture),
            NativeType.Float => _number.ToString("R", CultureInfo.InvariantCulture),
            _ => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(_text!)}\"",
        });
    }
}
