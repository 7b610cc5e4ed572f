using System.Diagnostics;

namespace Orchestrator.Runtime.Runners;

/// <summary>Runs the operator's commands: in a session of their own, with few variables, watched, and with nobody left behind.</summary>
/// <param name="attempts">The workspace's folder of attempts.</param>
/// <param name="root">Folder that relative directories are relative to.</param>
public sealed class CommandRuns(string attempts, string root, TimeProvider time)
{
    private const string Leader = "setsid";

    private static readonly string[] Handed = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end; throws <see cref="OperationCanceledException"/>, with all its processes gone, where it is cancelled.</summary>
    public async Task<CommandEnd> RunAsync(CommandCall call, CancellationToken cancellation)
    {
        var output = new OutputTail();
        if (Unstartable(call) is { } reason)
        {
            return new(null, new("RUN001", reason), output);
        }

        Directory.CreateDirectory(call.Folder);
        using var process = Process.Start(Start(call))!;
        var group = new ProcessGroup(process.Id, ProcessEntry.Find(process.Id)?.Started ?? 0, call.Folder);
        using var note = RunningCommand.Note(attempts, group);
        process.StandardInput.Close();
        var reading = Task.WhenAll(output.ReadAsync(process.StandardOutput), output.ReadAsync(process.StandardError));
        CommandFault? fault;
        try
        {
            fault = await WatchAsync(process, group, call, cancellation);
        }
        finally
        {
            group.Kill();
        }

        // Whoever still holds the pipes left session and mark behind: what it prints is nobody's.
        await Task.WhenAny(reading, Task.Delay(Drain, time, CancellationToken.None));
        return new(fault is null ? process.ExitCode : null, fault ?? Ended(process.ExitCode), output);
    }

    /// <summary>Null where it ended by itself.</summary>
    private async Task<CommandFault?> WatchAsync(Process process, ProcessGroup group, CommandCall call, CancellationToken cancellation)
    {
        var (started, exit) = (time.GetTimestamp(), process.WaitForExitAsync(cancellation));
        while (await Task.WhenAny(exit, Task.Delay(Look, time, CancellationToken.None)) != exit)
        {
            if (Excess(group, call, time.GetElapsedTime(started)) is { } fault)
            {
                return fault;
            }
        }

        await exit;
        return OverOutput(call);
    }

    private static CommandFault? Excess(ProcessGroup group, CommandCall call, TimeSpan passed)
    {
        if (passed > call.Limits.Time)
        {
            return new("RUN002", $"it was killed because it took longer than {call.Limits.Time}");
        }

        return call.Limits.MemoryBytes is { } most && group.MemoryBytes is var taken && taken > most
            ? new("RUN003", $"it was killed because its memory ({Mebibytes(taken)}) was above what the model file allows ({Mebibytes(most)})")
            : OverOutput(call);
    }

    private static CommandFault? OverOutput(CommandCall call)
    {
        var written = Written(call.Folder);
        return written <= call.Line.OutputBytes
            ? null
            : new("RUN004", $"it was killed because it wrote {Mebibytes(written)}, more than its \"output\" allows ({Mebibytes(call.Line.OutputBytes)})");
    }

    private static long Written(string folder)
    {
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
            return new DirectoryInfo(folder).EnumerateFiles("*", options).Sum(file => file.Length);
        }
        catch (FileNotFoundException)
        {
            // It moved or dropped a file while we looked; the next look sees the rest.
            return 0;
        }
    }

    private static CommandFault? Ended(int exitCode) => exitCode switch
    {
        0 => null,
        > 128 => new("RUN005", $"it was killed by signal {exitCode - 128}"),
        _ => new("RUN006", $"it ended with exit code {exitCode}"),
    };

    private string? Unstartable(CommandCall call)
    {
        var directory = WorkingFolder(call);
        if (OnPath(Leader) is null)
        {
            return $"commands need \"{Leader}\" (of util-linux), which is not on the PATH";
        }

        if (directory is not null && !Directory.Exists(directory))
        {
            return $"its directory {directory} is not there";
        }

        var program = call.Line.Command[0];
        var found = program.Contains('/', StringComparison.Ordinal) ? Existing(Path.Combine(directory ?? call.Folder, program)) : OnPath(program);
        return found is null ? $"the program \"{program}\" is not there" : null;
    }

    private string? WorkingFolder(CommandCall call) => call.Line.Directory is { } directory ? Path.GetFullPath(Path.Combine(root, directory)) : null;

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Existing(Path.Combine(folder, program))).FirstOrDefault(path => path is not null);

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private ProcessStartInfo Start(CommandCall call)
    {
        var start = new ProcessStartInfo(Leader, [.. call.Line.Command, .. call.Arguments])
        {
            WorkingDirectory = WorkingFolder(call) ?? call.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var name in Handed.Concat(call.Line.Environment).Where(name => Environment.GetEnvironmentVariable(name) is not null))
        {
            start.Environment[name] = Environment.GetEnvironmentVariable(name);
        }

        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(call.Folder, "tmp")).FullName;
        start.Environment[ProcessGroup.MarkName] = call.Folder;
        foreach (var (name, value) in call.Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string Mebibytes(long bytes) => FormattableString.Invariant($"{bytes / 1048576.0:0.#} MiB");
}
