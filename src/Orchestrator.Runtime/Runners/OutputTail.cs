using System.Text;

namespace Orchestrator.Runtime.Runners;

/// <summary>The last of what a command printed, on both its streams; what came before is counted and dropped.</summary>
public sealed class OutputTail
{
    private const int Kept = 64 * 1024;

    private const int Told = 1500;

    private readonly StringBuilder _text = new();
    private long _printed;

    /// <summary>Everything that was kept, with a line that says how much was not.</summary>
    public string Log
    {
        get
        {
            lock (_text)
            {
                var dropped = _printed - _text.Length;
                return dropped > 0 ? FormattableString.Invariant($"({dropped} characters before this were dropped)\n") + _text : _text.ToString();
            }
        }
    }

    /// <summary>The last lines for a message, without control characters; empty where nothing was printed.</summary>
    public string Last
    {
        get
        {
            lock (_text)
            {
                var from = Math.Max(0, _text.Length - Told);
                var text = _text.ToString(from, _text.Length - from).Trim();
                return string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c));
            }
        }
    }

    /// <summary>Reads a stream until its last writer closes it.</summary>
    public async Task ReadAsync(StreamReader stream)
    {
        var buffer = new char[4096];
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            Add(buffer.AsSpan(0, count));
        }
    }

    private void Add(ReadOnlySpan<char> text)
    {
        lock (_text)
        {
            _printed += text.Length;
            _text.Append(text);
            if (_text.Length > Kept)
            {
                _text.Remove(0, _text.Length - Kept);
            }
        }
    }
}
