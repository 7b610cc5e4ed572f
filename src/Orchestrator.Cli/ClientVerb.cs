using System.CommandLine;

namespace Orchestrator.Cli;

/// <summary>What a verb has at hand while it talks to the server.</summary>
internal sealed record Asking(ParseResult Parsed, Terminal Terminal, Client Client, CancellationToken Cancellation)
{
    public bool AsJson => Parsed.GetValue(CommandLine.Json);

    /// <summary>Asks for a path and shows the answer, as it came or as <paramref name="show"/> does.</summary>
    public async Task<T> ShowAsync<T>(string path, Action<T> show)
    {
        var answer = await Client.GetAsync<T>(path, Cancellation);
        Present(answer, show);
        return answer;
    }

    public void Present<T>(T answer, Action<T> show)
    {
        if (AsJson)
        {
            Terminal.ShowJson(answer);
        }
        else
        {
            show(answer);
        }
    }
}

/// <summary>Verbs that are clients of the server.</summary>
internal static class ClientVerb
{
    /// <summary>Gives the verb the options of a connection and an action that has one.</summary>
    public static Verb Asks(this Verb verb, Terminal terminal, Func<Asking, Task<int>> action)
    {
        Connection.AddOptions(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            await using var connection = await Connection.OpenAsync(parsed, terminal, cancellation);
            return await action(new Asking(parsed, terminal, connection.Client, cancellation));
        });
        return verb;
    }
}
