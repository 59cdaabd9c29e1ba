using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Stormly.Deploy.Geo.Tests;

/// <summary>Writes small databases in MaxMind's format, version 2, of IPv6 addresses with those of IPv4 below <c>::/96</c>.</summary>
internal sealed class MmdbWriter
{
    private const int Separator = 16;

    private readonly List<(int Left, int Right)> _nodes = [(-1, -1)];
    private readonly List<byte> _data = [];

    /// <summary>Adds a network. Values are texts, numbers, lists and dictionaries.</summary>
    public MmdbWriter Add(string network, object value)
    {
        var offset = _data.Count;
        Write(_data, value);
        var parsed = IPNetwork.Parse(network);
        var bytes = parsed.BaseAddress.GetAddressBytes();
        var (address, prefix) = bytes.Length == 4 ? ((byte[])[.. new byte[12], .. bytes], parsed.PrefixLength + 96) : (bytes, parsed.PrefixLength);
        var node = 0;
        for (var bit = 0; bit < prefix; bit++)
        {
            var right = (address[bit / 8] >> (7 - (bit % 8)) & 1) == 1;
            var next = right ? _nodes[node].Right : _nodes[node].Left;
            if (bit == prefix - 1)
            {
                Set(node, right, -2 - offset);
            }
            else if (next < 0)
            {
                _nodes.Add((-1, -1));
                Set(node, right, _nodes.Count - 1);
                next = _nodes.Count - 1;
            }

            node = next;
        }

        return this;
    }

    /// <summary>The whole file.</summary>
    public byte[] ToArray()
    {
        var file = new List<byte>();
        foreach (var (left, right) in _nodes)
        {
            WriteRecord(file, left);
            WriteRecord(file, right);
        }

        file.AddRange(new byte[Separator]);
        file.AddRange(_data);
        file.AddRange([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        Write(file, new Dictionary<string, object>
        {
            ["node_count"] = (uint)_nodes.Count,
            ["record_size"] = (ushort)24,
            ["ip_version"] = (ushort)6,
            ["database_type"] = "Test-City",
            ["languages"] = new List<object> { "en" },
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1_700_000_000UL,
            ["description"] = new Dictionary<string, object> { ["en"] = "test" },
        });
        return [.. file];
    }

    private void Set(int node, bool right, int value) => _nodes[node] = right ? (_nodes[node].Left, value) : (value, _nodes[node].Right);

    /// <summary>A place in the tree, the number of nodes for nothing, or a place in the data beyond both.</summary>
    private void WriteRecord(List<byte> file, int record)
    {
        var value = record >= 0 ? record : record == -1 ? _nodes.Count : _nodes.Count + Separator + (-2 - record);
        file.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
    }

    private static void Write(List<byte> output, object value)
    {
        switch (value)
        {
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                WriteControl(output, 2, utf8.Length);
                output.AddRange(utf8);
                break;
            case ushort number:
                WriteControl(output, 5, 2);
                output.AddRange([(byte)(number >> 8), (byte)number]);
                break;
            case uint number:
                WriteControl(output, 6, 4);
                WriteBig(output, number, 4);
                break;
            case ulong number:
                WriteControl(output, 9, 8);
                WriteBig(output, number, 8);
                break;
            case List<object> list:
                WriteControl(output, 11, list.Count);
                list.ForEach(i => Write(output, i));
                break;
            case Dictionary<string, object> map:
                WriteControl(output, 7, map.Count);
                foreach (var (key, inner) in map)
                {
                    Write(output, key);
                    Write(output, inner);
                }

                break;
            default:
                throw new ArgumentException($"{value.GetType()} cannot be written.", nameof(value));
        }
    }

    private static void WriteControl(List<byte> output, int type, int size)
    {
        var (inline, more) = size < 29 ? (size, -1) : (29, size - 29);
        output.Add((byte)((type <= 7 ? type << 5 : 0) | inline));
        if (type > 7)
        {
            output.Add((byte)(type - 7));
        }

        if (more >= 0)
        {
            output.Add((byte)more);
        }
    }

    private static void WriteBig(List<byte> output, ulong number, int bytes)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, number);
        output.AddRange(all[(8 - bytes)..]);
    }
}
