using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Orchestrator.Runtime.Pictures;

/// <summary>Pixels as PNG (RFC 2083): 8-bit colour, one compressed stream.</summary>
internal static class Png
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Write(Pixels pixels)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, pixels.Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), pixels.Height);
        (head[8], head[9]) = (8, 2);
        Chunk(file, "IHDR", head);
        Chunk(file, "IDAT", Compressed(pixels));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Each row behind a byte that says that it is not filtered.</summary>
    private static byte[] Compressed(Pixels pixels)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < pixels.Height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels.Row(y));
            }
        }

        return data.ToArray();
    }

    private static void Chunk(MemoryStream file, string kind, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] named = [.. Encoding.ASCII.GetBytes(kind), .. data];
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        file.Write(number);
    }

    /// <summary>CRC-32 as ISO 3309 has it.</summary>
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var one in data)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}

/// <summary>Rows of red, green and blue bytes.</summary>
internal sealed record Pixels(int Width, int Height, byte[] Bytes)
{
    public ReadOnlySpan<byte> Row(int y) => Bytes.AsSpan(y * Width * 3, Width * 3);
}
