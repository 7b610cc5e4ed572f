using System.Text;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>Random and mutated expressions and files, each given by the seed of a run and its number.</summary>
internal sealed class FuzzInput(long seed)
{
    private const int Longest = 40_000;

    private static readonly string[] Pieces =
    [
        "(", ")", "{", "}", "[", "]", "[5m]", "[1h:5m]", " offset 5m", " @ 60", " @ end()", "sum(", "rate(", "topk(2, ", " by (job)", " on(job) ", " group_left ",
        " + ", " ^ ", "-", " == bool ", " and ", " or ", " unless ", "\"a\"", "'", "`", "\\", "1e400", "0x", "NaN", "Inf", "m", "n", "job=~\"a.*\"", ",", ":", "#", "\n", "é", "\ud800", "\0",
        "\n  - ", ": ", "\t", "&a ", "*a", "!t ", "<<: ", "---\n", "|\n", ">-\n", "{{ ", " }}", "{{ $value | ", "%", "null", "~", "true", ".inf", "5m", "-5m", "\"\\u0000\"", "𝒳", "[[[[", "{{{{", "? ", "- - - ",
        "password=abcdefg1", "999999999999999999999", "1e-320", "0.1", "$labels", "model", "for", "alert: A", "expr: up", "when: [", "then: {", "workflow: w", "labels: {", "groups:\n", "rules:\n",
    ];

    private static readonly string[] Expressions = [.. new[] { "expression-syntax.txt", "expression-binding.txt", "expression-errors.txt", "analysis.txt" }.SelectMany(CaseFile.Inputs)];

    private static readonly (string Path, string Text)[] Files =
    [
        .. Demo.Files().Select(file => (file.Key, file.Value)),
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases", "Broken")).Where(file => !file.EndsWith("expected.txt", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(file => (file.EndsWith(".json", StringComparison.Ordinal) ? "workflows/" + Path.GetFileName(file) : Path.GetFileName(file), File.ReadAllText(file))),
        ("orchestrator.yaml", "folder: rules\nconnections: {a: {folder: x}}\nrunners: {r: {command: [a, b]}}\ntargets: {t: {kind: slack, url_file: f}}\ngroups: {g: [a]}\nnotify: [{events: [fix_failed], target: t}]\n"),
    ];

    /// <summary>An expression where there is no path.</summary>
    public (string? Path, string Text, string Original) At(long number)
    {
        var random = new Random(unchecked((int)(((seed * 6364136223846793005L) + (number * 1442695040888963407L)) >> 32)));
        if (random.Next(2) == 0)
        {
            var expression = Expressions[random.Next(Expressions.Length)];
            return (null, Mutated(expression, random), expression);
        }

        var (path, text) = Files[random.Next(Files.Length)];
        return (path, Mutated(text, random), text);
    }

    private static string Mutated(string text, Random random)
    {
        if (random.Next(50) == 0)
        {
            return Nested(random);
        }

        for (var i = random.Next(6); i >= 0; i--)
        {
            text = Edited(text, random);
        }

        return text.Length > Longest ? text[..Longest] : text;
    }

    private static string Edited(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var until = Math.Min(text.Length, at + random.Next(8));
        return random.Next(8) switch
        {
            0 => text[..at] + text[until..],
            1 => text[..at],
            2 => text[..at] + (char)random.Next(1, 0x3000) + text[until..],
            3 => text[..at] + text[at..until] + text[at..],
            4 => text[at..] + text[..at],
            5 => text[..at] + text[random.Next(text.Length + 1)..],
            _ => text[..at] + Pieces[random.Next(Pieces.Length)] + text[until..],
        };
    }

    /// <summary>Depth is what ends processes.</summary>
    private static string Nested(Random random)
    {
        var text = new StringBuilder();
        var (open, close) = (Pieces[random.Next(Pieces.Length)], Pieces[random.Next(Pieces.Length)]);
        var depth = 1 << random.Next(1, 14);
        text.Insert(0, open, depth).Append("up").Insert(text.Length, close, depth);
        return text.Length > Longest ? text.ToString(0, Longest) : text.ToString();
    }
}
