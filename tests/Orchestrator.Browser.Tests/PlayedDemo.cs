using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Labeling;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server;

namespace Orchestrator.Browser.Tests;

/// <summary>The real server, playing the first three days of the demo on its own clock, which stands still while it waits for people: nobody plays them.</summary>
public sealed partial class PlayedDemo : IAsyncLifetime
{

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _told = new();
    private ServerHost? _host;
    private Task<StoryReport>? _story;

    public Uri Url => _host!.Url;

    public Database Database => _host!.Node.Database;

    /// <summary>What became of the story; fails where it did.</summary>
    public Task<StoryReport> Story => _story!;

    public async ValueTask InitializeAsync()
    {
        _host = await ServerHost.StartAsync(new ServerOptions(_folder["workspace"]) { Scenarios = [await WriteAsync()], LogLevel = LogLevel.None }, CancellationToken.None);
        _story = _host.PlayAsync((at, line) => _told.Enqueue($"{at:u} {line}"), _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _story!.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _host!.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    /// <summary>A key of a person.</summary>
    public async Task<string> KeyAsync(string name, params string[] roles)
    {
        using var admin = new Caller(Url, (await File.ReadAllTextAsync(_host!.AdminKeyFile)).Trim());
        using var issued = await admin.PostAsync("/api/keys", new { name, roles });
        return (await Caller.JsonAsync(issued)).GetProperty("text").GetString()!;
    }

    /// <summary>The fix of the story once its state is one of these.</summary>
    public Task<Fix> FixAsync(params FixState[] states) =>
        UntilAsync(() => Database.Read(connection => FixStore.List(connection, openOnly: false)).FirstOrDefault(fix => states.Contains(fix.State)), $"a fix that is {string.Join(" or ", states)}");

    /// <summary>The queue of labels that the fix asks for, once it is open.</summary>
    public Task<LabelQueue> QueueAsync() => UntilAsync(() => Database.Read(LabelStore.Queues) is [var queue, ..] ? queue : null, "a label queue");

    /// <summary>Waits until something is there to be read; fails with the story where the story fails before.</summary>
    public async Task<T> UntilAsync<T>(Func<T?> read, string what)
        where T : class
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        using var written = new SemaphoreSlim(1);
        void Note() => written.Release();
        Database.Written += Note;
        try
        {
            for (var value = read(); ; value = read())
            {
                if (value is not null)
                {
                    return value;
                }

                Assert.False(_story!.IsFaulted, _story.Exception?.ToString());
                Assert.True(await written.WaitAsync(TimeSpan.FromMinutes(2), patience.Token), $"waited for {what}; the story so far:\n{string.Join('\n', _told)}");
            }
        }
        finally
        {
            Database.Written -= Note;
        }
    }

    /// <summary>The digit of each row as it really is.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TruthAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder["data"], "truth", "train-truth.csv"));
        var header = lines[0].Split(',');
        var (id, digit) = (Array.IndexOf(header, "id"), Array.IndexOf(header, "digit"));
        return lines.Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[id], cells => cells[digit], StringComparer.Ordinal);
    }

    /// <summary>Sessions as they are when so much more time has passed since their keys were shown.</summary>
    public Task AgeSessionsAsync(TimeSpan by) => Database.WriteAsync(
        transaction => { transaction.Execute("update session set confirmed_at = confirmed_at - @By", new { By = (long)by.TotalMicroseconds }); }, CancellationToken.None);

    /// <summary>Ends every session, as time does.</summary>
    public Task EndSessionsAsync() => Database.WriteAsync(transaction => { transaction.Execute("update session set expires_at = 0"); }, CancellationToken.None);

    private async Task<string> WriteAsync()
    {
        var demo = Repository.File("deploy/demo");
        await DigitsDemo.WriteAsync(Path.Combine(demo, "digits.csv.gz"), _folder["data"], 1, CancellationToken.None);
        _folder.Write("orchestrator.yaml", await File.ReadAllTextAsync(Path.Combine(demo, "orchestrator.yaml")));
        var text = await File.ReadAllTextAsync(Path.Combine(demo, "digits.scenario.yaml"));
        var alone = People().Replace(text, "").Replace("rules: ../..", $"rules: {Repository.Root}", StringComparison.Ordinal).Replace("until: 7d", "until: 3d", StringComparison.Ordinal);
        return _folder.Write("digits.scenario.yaml", alone);
    }

    [GeneratedRegex("^(labeler|approvals): .*\n", RegexOptions.Multiline)]
    private static partial Regex People();
}
