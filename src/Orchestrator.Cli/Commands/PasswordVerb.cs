using System.CommandLine;
using System.Text;
using Orchestrator.Server.Keys;
using Spectre.Console;

namespace Orchestrator.Cli.Commands;

/// <summary><c>keys password</c>: the line of a person in the file of passwords; asks no server.</summary>
internal static class PasswordVerb
{
    private static readonly Argument<string> Name = new("name") { Description = "The person, as people of the operator's file names him." };

    private static readonly Option<string?> File = new("--file") { Description = "Put the line into this file, in place of an earlier one of the person, instead of showing it." };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "password", "Reads a password from the terminal or the standard input, and makes the line NAME:HASH for sign_in.passwords_file.",
            "orchestrator keys password lead@example.org --file people.passwords")
        {
            Name, File,
        };
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(Name).Trim(), parsed.GetValue(File), terminal));
        return verb;
    }

    private static int Run(string name, string? file, Terminal terminal)
    {
        if (name.Length == 0 || name.Any(char.IsControl) || name.StartsWith('#'))
        {
            throw new CommandException("a person's name has no control characters and does not begin with #");
        }

        var password = Read(terminal);
        if (password.Length is < Passwords.Shortest or > Passwords.Longest)
        {
            throw new CommandException($"a password has {Passwords.Shortest} to {Passwords.Longest} characters, this one has {password.Length}; several words in a row make a good one");
        }

        var line = $"{name}:{Passwords.Hash(password)}";
        if (file is null)
        {
            terminal.Line(line);
            return ExitCode.Ok;
        }

        Put(file, name, line);
        terminal.Line($"The password of {name} is in {file}; who has a session by an earlier one signs in again");
        return ExitCode.Ok;
    }

    private static string Read(Terminal terminal)
    {
        if (!terminal.IsInteractive || terminal.Input != TextReader.Null)
        {
            return terminal.Input.ReadLine() ?? "";
        }

        var password = terminal.Console.Prompt(new TextPrompt<string>("Password:").Secret(null));
        return terminal.Console.Prompt(new TextPrompt<string>("Once more:").Secret(null)) == password ? password : throw new CommandException("the two passwords differ");
    }

    /// <summary>Whoever reads the file meanwhile sees all of the earlier one or all of this.</summary>
    private static void Put(string file, string name, string line)
    {
        var others = System.IO.File.Exists(file) ? System.IO.File.ReadAllLines(file).Where(other => !other.StartsWith($"{name}:", StringComparison.Ordinal)) : [];
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(file + ".tmp", new UTF8Encoding(false), options))
        {
            writer.NewLine = "\n";
            foreach (var one in others.Append(line).ToList())
            {
                writer.WriteLine(one);
            }
        }

        System.IO.File.Move(file + ".tmp", file, overwrite: true);
    }
}
