using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>Whatever a trainer does, its training ends as stated, nothing is registered and nobody is left.</summary>
public sealed class TrainerFailureTests : IDisposable
{
    private const string Place = "rules/pets.model.yaml:4:8: ";

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_hangs_is_killed_with_its_children_at_its_time_out()
    {
        var told = await FailAsync("echo started; sleep 600 & (setsid sleep 600 &) ; sleep 600", "timeout: 1s");

        Assert.Equal(Place + "RUN002 by-hand: it was killed because it took longer than 00:00:01; it printed last:\nstarted", told);
    }

    [Fact]
    public async Task One_that_crashes_is_told_with_its_exit_code_and_its_last_words() =>
        Assert.Equal(Place + "RUN006 by-hand: it ended with exit code 3; it printed last:\nno such column", await FailAsync("echo no such column >&2; exit 3"));

    [Fact]
    public async Task One_that_is_killed_is_told_with_the_signal() =>
        Assert.Equal(Place + "RUN005 by-hand: it was killed by signal 9; it printed nothing", await FailAsync("kill -9 $$"));

    [Fact]
    public async Task One_that_fills_the_disk_is_killed_at_its_limit()
    {
        var told = await FailAsync("head -c 3145728 /dev/zero > big; sleep 600", runner: "output: 1MiB");

        Assert.StartsWith(Place + "RUN004 by-hand: it was killed because it wrote 3 MiB, more than its \"output\" allows (1 MiB); it printed nothing", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_takes_too_much_memory_is_killed()
    {
        // tail keeps a line without an end in memory.
        var told = await FailAsync("(head -c 400000000 /dev/zero; sleep 600) | tail -n 1", "needs: {memory: 64MiB}");

        Assert.StartsWith(Place + "RUN003 by-hand: it was killed because its memory (", told, StringComparison.Ordinal);
        Assert.Contains("was above what the model file allows (64 MiB)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_without_end_is_cut_to_its_tail()
    {
        var told = await FailAsync("yes garbage 2> none | head -n 1000000; echo the last line; exit 1");

        Assert.StartsWith(Place + "RUN006 by-hand: it ended with exit code 1; it printed last:\n", told, StringComparison.Ordinal);
        Assert.EndsWith("garbage\nthe last line", told, StringComparison.Ordinal);
        Assert.True(told.Length < 2000, $"{told.Length} characters");
    }

    [Theory]
    [InlineData("true", "RUN007 by-hand: it ended well but wrote no result.json; allowed: a JSON object with artifact, sha256, metrics, predictions, seconds")]
    [InlineData("echo '%$ garbage' > result.json", "RUN008 by-hand: its result.json cannot be read: '%' is an invalid start of a value.")]
    [InlineData("echo '{\"artefact\": \"a\"}' > result.json", "RUN008 by-hand: its result.json cannot be read: The JSON property 'artefact' could not be mapped")]
    [InlineData("echo '{}' > result.json", "RUN009 by-hand: its result.json names no \"artifact\"")]
    [InlineData("echo '{\"artifact\": \"none\"}' > result.json", "RUN009 by-hand: its \"artifact\" is \"none\"; allowed: a file in the folder that the request names")]
    [InlineData("echo '{\"artifact\": \"/etc/passwd\"}' > result.json", "RUN009 by-hand: its \"artifact\" is \"/etc/passwd\"; allowed: a file in the folder that the request names")]
    [InlineData("ln -s /etc/passwd a; echo '{\"artifact\": \"a\"}' > result.json", "RUN009 by-hand: its \"artifact\" is \"a\"; allowed: a file in the folder that the request names")]
    [InlineData("echo '{\"running\": \"job-7\"}' > result.json", "RUN012 by-hand: it answers that \"job-7\" goes on elsewhere; that needs a secret_file of the runner, to sign the callback with, and a training that a workflow asks for")]
    public async Task An_answer_that_cannot_be_used_is_refused(string trainer, string told) =>
        Assert.StartsWith(Place + told, await FailAsync(trainer), StringComparison.Ordinal);

    [Fact]
    public async Task Another_digest_than_the_artifacts_is_refused_and_both_are_shown()
    {
        var stated = new string('a', 64);
        var told = await FailAsync($$"""echo learnt > model.txt; echo '{"artifact": "model.txt", "sha256": "{{stated}}"}' > result.json""");

        // printf 'learnt\n' | sha256sum
        Assert.StartsWith($"{Place}RUN010 by-hand: it states the digest {stated}, but its artifact has {ReferenceDigest}", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_so()
    {
        await CommandedPets.OpenAsync(_tiny, "true");
        _tiny.Outside = "runners: {by-hand: {command: [no-such-program]}, by-hand-score: {command: [sh]}}";
        await _tiny.ReopenAsync();

        Assert.Equal(Place + "RUN001 by-hand: the program \"no-such-program\" is not there; it printed nothing", await FailedAsync());
    }

    [Fact]
    public async Task A_cancelled_training_leaves_nobody()
    {
        await CommandedPets.OpenAsync(_tiny, "sleep 600 & echo up > \"$TMPDIR/../../../up\"; sleep 600");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var training = _tiny.Node.TrainFirstAsync("pets", "ann@example.org", cancellation.Token);
        Processes.Await(_tiny.PathOf("workspace/attempts/up"));
        Assert.NotEmpty(Processes.Of(_tiny.PathOf("workspace/attempts")));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
        Assert.Empty(Processes.Of(_tiny.PathOf("workspace/attempts")));
    }

    public void Dispose() => _tiny.Dispose();

    private async Task<string> FailAsync(string trainer, string train = "timeout: 1m", string runner = "output: 1GiB")
    {
        await CommandedPets.OpenAsync(_tiny, trainer, train, runner);
        return await FailedAsync();
    }

    private async Task<string> FailedAsync()
    {
        var error = await Assert.ThrowsAsync<DatasetException>(() => _tiny.Node.TrainFirstAsync("pets", "ann@example.org", Cancel));
        Assert.Empty(_tiny.Node.Database.Read(ModelStore.Models));
        Assert.Empty(Processes.Of(_tiny.PathOf("workspace/attempts")));
        var notes = new DirectoryInfo(_tiny.PathOf("workspace/attempts.running"));
        Assert.True(!notes.Exists || notes.GetFiles().Length == 0, "a note of a running command was left");
        return error.Message;
    }

    private const string ReferenceDigest = "b670b3f8f3ab2da722d6816935f6d8ecc7740636a498120b1353dcf2d3829f18";
}
