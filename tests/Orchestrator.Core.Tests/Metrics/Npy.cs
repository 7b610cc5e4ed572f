using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Reads version 1 .npy files of little-endian numbers in C order.</summary>
internal static class Npy
{
    public static T[] Read<T>(string path, string type)
        where T : struct
    {
        var bytes = File.ReadAllBytes(path);
        var headerLength = BitConverter.ToUInt16(bytes, 8);
        Assert.Contains($"'descr': '{type}'", Encoding.ASCII.GetString(bytes, 10, headerLength), StringComparison.Ordinal);
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(10 + headerLength)).ToArray();
    }
}
