using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Core.Diagnostics;

/// <summary>The checks of an authored file before it is read as YAML: size, encoding, and things that version control leaves behind.</summary>
public static partial class SourceText
{
    public const int MaxBytes = 256 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [GeneratedRegex(@"^(<<<<<<< |>>>>>>> |\|\|\|\|\|\|\| )", RegexOptions.CultureInvariant)]
    private static partial Regex ConflictMarker();

    /// <summary>The text of a file's bytes; none, with the reason, where they are not UTF-8.</summary>
    public static Parsed<string> Decode(string path, ReadOnlySpan<byte> bytes)
    {
        var diagnostics = new DiagnosticList(path);
        if (bytes.Length > MaxBytes)
        {
            TooBig(diagnostics, bytes.Length);
            return diagnostics.Result<string>(null);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            diagnostics.Error(Place.Start, "YAML004", "the file is UTF-16", "allowed: UTF-8");
            return diagnostics.Result<string>(null);
        }

        var valid = ValidLength(bytes);
        if (valid < bytes.Length)
        {
            diagnostics.Error(PlaceOf(Encoding.UTF8.GetString(bytes[..valid])), "YAML004", "the file is not UTF-8 from here on", "allowed: UTF-8");
            return diagnostics.Result<string>(null);
        }

        return diagnostics.Result(Strict.GetString(bytes));
    }

    /// <summary>Reports what makes a text unfit to be read at all; true where it is fit.</summary>
    internal static bool IsReadable(string text, DiagnosticList diagnostics)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        if (size > MaxBytes)
        {
            TooBig(diagnostics, size);
        }
        else if (text.StartsWith('\uFEFF'))
        {
            diagnostics.Error(Place.Start, "YAML005", "the file starts with a byte order mark", "allowed: UTF-8 without one");
        }
        else if (text.StartsWith("version https://git-lfs.github.com/spec/", StringComparison.Ordinal))
        {
            diagnostics.Error(Place.Start, "YAML007", "the file is a Git LFS pointer, not the file itself", "allowed: files kept in Git as they are");
        }
        else if (text.Contains('\0', StringComparison.Ordinal))
        {
            ReportNul(text, diagnostics);
        }
        else
        {
            ReportConflictMarkers(text, diagnostics);
        }

        return !diagnostics.HasErrors;
    }

    /// <summary>The place that follows a text.</summary>
    internal static Place PlaceOf(string before)
    {
        var lines = before.Count(character => character == '\n');
        return new(lines + 1, before.Length - before.LastIndexOf('\n'));
    }

    private static void TooBig(DiagnosticList diagnostics, int size) =>
        diagnostics.Error(Place.Start, "YAML002", $"the file has {size} bytes", $"allowed: at most {MaxBytes} (256 KiB)");

    private static void ReportNul(string text, DiagnosticList diagnostics)
    {
        var at = text.IndexOf('\0', StringComparison.Ordinal);
        var sixteen = text.Count(character => character == '\0') * 3 >= text.Length;
        if (sixteen)
        {
            diagnostics.Error(Place.Start, "YAML004", "the file is UTF-16", "allowed: UTF-8");
            return;
        }

        diagnostics.Error(PlaceOf(text[..at]), "YAML003", "the file has a NUL character here", "allowed: text");
    }

    private static void ReportConflictMarkers(string text, DiagnosticList diagnostics)
    {
        foreach (var (index, _) in text.Split('\n').Index().Where(line => ConflictMarker().IsMatch(line.Item)))
        {
            diagnostics.Error(new Place(index + 1, 1), "YAML006", "a merge conflict was left here", "allowed: one of its two sides, without the marker lines");
        }
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length && Rune.DecodeFromUtf8(bytes[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }
}
