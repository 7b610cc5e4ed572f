using System.Text.RegularExpressions;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>What the text of a file may look like.</summary>
public static partial class Style
{
    private const int MostLines = 400;

    private static readonly string[] _forbiddenWords =
    [
        "Manager", "Helper", "Util", "Utility", "Utilities", "Service", "Processor", "Base", "Impl", "Common", "Misc", "Info", "Dto", "Wrapper", "V2", "New",
    ];

    public static IEnumerable<string> LongFiles(IEnumerable<SourceFile> files) =>
        from file in files
        let lines = file.Text.AsSpan().Count('\n')
        where lines > MostLines
        select $"{file.Path}: {lines} lines, {MostLines} are allowed";

    public static IEnumerable<string> WrongNamespaces(IEnumerable<SourceFile> files) =>
        from file in files
        let declared = Namespace().Match(file.Text)
        let expected = string.Join('.', file.Folders[1..])
        where declared.Success ? declared.Groups[1].Value != expected : !TopLevel(file)
        select $"{file.Path}: namespace {(declared.Success ? declared.Groups[1].Value : "(none)")} should be {expected}";

    public static IEnumerable<string> ForbiddenNames(IEnumerable<SourceFile> files) =>
        from file in files
        from name in file.Names[1..].Concat(TypeName().Matches(file.Text).Select(match => match.Groups[1].Value)).Distinct()
        from word in Word().Matches(name).Select(match => match.Value)
        where _forbiddenWords.Contains(word, StringComparer.OrdinalIgnoreCase) || _forbiddenWords.Contains(word.TrimEnd('s'), StringComparer.OrdinalIgnoreCase)
        select $"{file.Path}: the word {word} in {name} says nothing";

    public static IEnumerable<string> UnsealedRecords(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => file.Offending(line => UnsealedRecord().IsMatch(line)));

    /// <summary>Public types at the outer level without a summary above them.</summary>
    public static IEnumerable<string> WithoutSummary(IEnumerable<SourceFile> files) =>
        from file in files
        let lines = file.Lines
        from i in Enumerable.Range(0, lines.Length)
        where PublicType().IsMatch(lines[i]) && !DocumentedAbove(lines, i)
        select $"{file.Path}:{i + 1}: {lines[i].Trim()} has no summary";

    /// <summary>Work that was put off, and waiting by the wall clock.</summary>
    public static IEnumerable<string> Litter(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => file.Offending(line => PutOff().IsMatch(line) || (WallDelay().IsMatch(line) && !line.Contains("TimeProvider", StringComparison.Ordinal))));

    /// <summary>Patterns that take digits of any script for numbers, which nothing can read afterwards.</summary>
    public static IEnumerable<string> DigitsOfAnyScript(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => file.Offending(line => AnyDigit().IsMatch(line)));

    private static bool DocumentedAbove(string[] lines, int at)
    {
        var above = lines.Take(at).Reverse().Select(line => line.TrimStart())
            .SkipWhile(line => line.StartsWith('[') || line.StartsWith('#'))
            .TakeWhile(line => line.StartsWith("///", StringComparison.Ordinal));
        return above.Any(line => line.Contains("<summary>", StringComparison.Ordinal));
    }

    private static bool TopLevel(SourceFile file) => file.Path.EndsWith("/Program.cs", StringComparison.Ordinal) || !TypeName().IsMatch(file.Text);

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|sealed|abstract|static|partial|readonly|ref)\s+)*(?:class|struct|interface|enum|record(?:\s+(?:struct|class))?)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"[A-Z]+(?![a-z])\d*|[A-Z][a-z]*\d*|[a-z]+\d*")]
    private static partial Regex Word();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|partial)\s+)*record\s+(?!struct\b)\w")]
    private static partial Regex UnsealedRecord();

    [GeneratedRegex(@"^public\s+(?:(?:sealed|abstract|static|partial|readonly|ref)\s+)*(?:class|struct|interface|enum|record|delegate)\b")]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bT[O]DO\b|\bF[I]XME\b|\bH[A]CK\b|\bX[X]X\b|NotImplemented[E]xception|Thread\.[S]leep")]
    private static partial Regex PutOff();

    [GeneratedRegex(@"GeneratedRegex\(.*\\[d]")]
    private static partial Regex AnyDigit();

    [GeneratedRegex(@"Task\.[D]elay\((?!.*\b_?(?:time|clock)\b)")]
    private static partial Regex WallDelay();
}
