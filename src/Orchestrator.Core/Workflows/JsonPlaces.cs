using System.Text;
using System.Text.Json;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Workflows;

/// <summary>Where in a JSON text each value stands, by JSON pointer (RFC 6901); reading is strict and bounded.</summary>
internal sealed class JsonPlaces
{
    public const int MaxDepth = 64;
    public const int MaxBytes = 1 << 20;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = MaxDepth };

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly Dictionary<string, int> _offsets = new(StringComparer.Ordinal);
    private readonly Stack<Frame> _open = new();
    private readonly List<Diagnostic> _diagnostics = [];

    private JsonPlaces(string path, byte[] bytes)
    {
        _path = path;
        _bytes = bytes;
    }

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public JsonElement Root { get; private set; }

    /// <summary>Reads the text; the root is undefined where there are diagnostics.</summary>
    public static JsonPlaces Read(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.StartsWith('\uFEFF') ? text[1..] : text);
        var places = new JsonPlaces(path, bytes);
        if (bytes.Length > MaxBytes)
        {
            places.Report(0, "FLOW002", $"the file has {bytes.Length} bytes", $"at most {MaxBytes} bytes");
            return places;
        }

        places.Scan();
        if (places._diagnostics.Count == 0)
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            places.Root = document.RootElement.Clone();
        }

        return places;
    }

    /// <summary>Strict JSON within a text, as the designer stores lists and references; null where it is none.</summary>
    public static JsonElement? Parse(string text)
    {
        var places = Read("", text);
        return places.Diagnostics.Count == 0 ? places.Root : null;
    }

    /// <summary>Byte position of the value at a pointer, or of the nearest value around it.</summary>
    public int OffsetOf(string pointer)
    {
        while (true)
        {
            if (_offsets.TryGetValue(pointer, out var offset) || pointer.Length == 0)
            {
                return offset;
            }

            pointer = pointer[..pointer.LastIndexOf('/')];
        }
    }

    /// <summary>1-based line, and column in UTF-16 code units.</summary>
    public (int Line, int Column) Place(int offset)
    {
        var before = _bytes.AsSpan(0, Math.Min(offset, _bytes.Length));
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    public static string Child(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private void Scan()
    {
        var reader = new Utf8JsonReader(_bytes, Strict);
        try
        {
            while (reader.Read())
            {
                Take(ref reader);
            }
        }
        catch (JsonException exception)
        {
            var text = exception.Message[..(exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? end : exception.Message.Length)];
            Report(OffsetOf(exception), "FLOW001", $"not valid JSON: {text.TrimEnd('.')}", $"JSON without comments and trailing commas, at most {MaxDepth} levels deep");
        }
        catch (InvalidOperationException)
        {
            Report((int)reader.TokenStartIndex, "FLOW001", "the text holds half a surrogate pair", "escapes \\uD800 to \\uDFFF in pairs");
        }
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                TakeName(reader.GetString()!, (int)reader.TokenStartIndex);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _open.Pop();
                break;
            default:
                TakeValue(ref reader);
                break;
        }
    }

    private void TakeValue(ref Utf8JsonReader reader)
    {
        var pointer = _open.TryPeek(out var frame) ? frame.Next() : "";
        _offsets[pointer] = (int)reader.TokenStartIndex;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            // The outermost object is read whatever the case of its names, so there they may not differ by case alone either.
            var comparer = _open.Count == 0 ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
            _open.Push(new Frame(pointer, comparer, reader.TokenType == JsonTokenType.StartArray));
        }
        else if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
        {
            _ = reader.GetString();
        }
    }

    private void TakeName(string name, int offset)
    {
        if (!_open.Peek().Add(name))
        {
            Report(offset, "FLOW003", $"the property \"{name}\" occurs twice", "each property once");
        }
    }

    private int OffsetOf(JsonException exception)
    {
        var lineStart = 0;
        for (var line = 0L; line < (exception.LineNumber ?? 0); line++)
        {
            lineStart += _bytes.AsSpan(lineStart).IndexOf((byte)'\n') + 1;
        }

        return lineStart + (int)(exception.BytePositionInLine ?? 0);
    }

    private void Report(int offset, string code, string text, string allowed)
    {
        var (line, column) = Place(offset);
        _diagnostics.Add(new Diagnostic(_path, line, column, code, Severity.Error, text, allowed));
    }

    private sealed class Frame(string pointer, StringComparer comparer, bool isArray)
    {
        private readonly HashSet<string> _names = new(comparer);
        private string _name = "";
        private int _index = -1;

        public bool Add(string name)
        {
            _name = name;
            return _names.Add(name);
        }

        public string Next() => isArray ? $"{pointer}/{++_index}" : Child(pointer, _name);
    }
}
