using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Keys;

namespace Orchestrator.Cli.Commands;

/// <summary><c>keys list|issue</c>: who may do what over the API.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The person or machine that will hold it, as groups of the operator's file name people." };

    private static readonly Option<Role[]> Roles = new("--role") { Description = "What its holder may do for every model; may be repeated." };

    private static readonly Option<string[]> Models = new("--model") { Description = "What its holder may do for one model, as MODEL=ROLE; may be repeated, and without --role he sees only these models." };

    private static readonly Option<string?> Out = new("--out") { Description = "Write the key into this file, readable by its owner alone, instead of showing it." };

    public static Verb Make(Terminal terminal) => new(
        "keys", "API keys and their roles.", "orchestrator keys list", "orchestrator keys issue lead@example.org --role approver --out lead.key", "orchestrator keys password lead@example.org --file people.passwords")
    {
        List(terminal), Issue(terminal), PasswordVerb.Make(terminal),
    };

    private static Verb List(Terminal terminal) =>
        new Verb("list", "Keys, in use and revoked; never their text.", "orchestrator keys list").Asks(terminal, async asking =>
        {
            await asking.ShowAsync<List<ApiKey>>("/api/keys", keys => terminal.ShowTable(
                "No keys.",
                ["id", "name", "roles", "made", "by"],
                keys.Select(key => new[] { key.Id, key.Name, string.Join(", ", key.Roles.Select(role => role.ToString()).Concat(key.Models.Select(model => $"{model.Key}: {string.Join(", ", model.Value)}"))), Words.Of(key.CreatedAt), key.CreatedBy })));
            return ExitCode.Ok;
        });

    private static Verb Issue(Terminal terminal) =>
        new Verb("issue", "Makes a key; its text is shown or written once and kept nowhere.", "orchestrator keys issue lead@example.org --role approver --out lead.key")
        {
            Name, Roles, Models, Out,
        }.Asks(terminal, async asking =>
        {
            var request = new KeyRequest(asking.Parsed.GetRequiredValue(Name), [.. asking.Parsed.GetValue(Roles) ?? []], ByModel(asking.Parsed.GetValue(Models) ?? []));
            var issued = await asking.Client.PostAsync<IssuedKey>("/api/keys", request, asking.Cancellation);
            if (asking.Parsed.GetValue(Out) is { } file)
            {
                await WriteAsync(file, issued.Text, asking.Cancellation);
                terminal.Line($"The key of {issued.Key.Name} is in {file}");
            }
            else
            {
                asking.Present(issued, made => terminal.Line(made.Text));
            }

            return ExitCode.Ok;
        });

    private static ImmutableSortedDictionary<string, ImmutableArray<Role>>? ByModel(string[] wishes) => wishes.Length == 0 ? null : wishes
        .Select(wish => wish.Split('=', 2) is [{ Length: > 0 } model, var word] && Enum.TryParse<Role>(word, ignoreCase: true, out var role) && Enum.IsDefined(role)
            ? (Model: model, Role: role)
            : throw new CommandException($"\"{wish}\" is not MODEL=ROLE; roles: {string.Join(", ", Enum.GetNames<Role>()).ToLowerInvariant()}"))
        .GroupBy(one => one.Model, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(group => group.Key, group => group.Select(one => one.Role).ToImmutableArray(), StringComparer.Ordinal);

    private static async Task WriteAsync(string file, string text, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(new FileStream(file, options));
        await writer.WriteLineAsync(text.AsMemory(), cancellation);
    }
}
