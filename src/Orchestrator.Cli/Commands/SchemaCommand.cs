using System.CommandLine;

namespace Orchestrator.Cli.Commands;

/// <summary><c>schema</c>: the JSON Schema of a kind of file, for editors.</summary>
internal static class SchemaCommand
{
    private const string Folder = "schemas/";

    private static readonly Argument<string> Kind = new("kind") { Description = "model, monitor, rules, test, scenario, orchestrator or workflow." };

    public static Verb Make(Terminal terminal)
    {
        Kind.AcceptOnlyFromAmong([.. Kinds()]);
        var verb = new Verb(
            "schema",
            "Prints the JSON Schema of a kind of file, for editors.",
            "orchestrator schema rules")
        {
            Kind,
        };
        verb.SetAction(parsed => terminal.Output.Write(Read(parsed.GetRequiredValue(Kind))));
        return verb;
    }

    private static IEnumerable<string> Kinds() =>
        typeof(SchemaCommand).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..].Split('.')[0]).Order(StringComparer.Ordinal);

    private static string Read(string kind)
    {
        using var reader = new StreamReader(typeof(SchemaCommand).Assembly.GetManifestResourceStream($"{Folder}{kind}.schema.json")!);
        return reader.ReadToEnd();
    }
}
