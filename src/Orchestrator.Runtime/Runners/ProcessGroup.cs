using System.Runtime.InteropServices;

namespace Orchestrator.Runtime.Runners;

/// <summary>A command with all that it started: the session that it leads, and whoever carries its mark although it left the session.</summary>
/// <param name="Leader">The process number, which is the number of the session too.</param>
/// <param name="Started">When the leader started, in clock ticks from the boot.</param>
/// <param name="Mark">A folder: processes that were started with it, or one below it, in <see cref="MarkName"/> belong here.</param>
internal sealed record ProcessGroup(int Leader, long Started, string Mark)
{
    /// <summary>The variable that commands hand down to what they start.</summary>
    public const string MarkName = "ORCHESTRATOR_ATTEMPT";

    private const int Kill9 = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Memory of the session's processes together; what they share counts for each.</summary>
    public long MemoryBytes => ProcessEntry.All().Where(IsOfSession).Sum(entry => entry.MemoryBytes);

    /// <summary>Kills until nobody is left; whether that was so in the end.</summary>
    public bool Kill()
    {
        return SpinWait.SpinUntil(
            () =>
            {
                var members = ProcessEntry.All().Where(entry => IsOfSession(entry) || IsMarked(entry)).ToList();
                members.ForEach(entry => _ = kill(entry.Id, Kill9));
                return members.Count == 0;
            },
            Patience);
    }

    /// <summary>A later process may have the leader's number: it is younger than what it may have left behind, and leads a session of its own.</summary>
    private bool IsOfSession(ProcessEntry entry) =>
        Leader > 0 && entry.Session == Leader && entry.Started >= Started && (ProcessEntry.Find(Leader) is not { } leader || leader.Started == Started);

    private bool IsMarked(ProcessEntry entry) => entry.Variables.Any(variable =>
        variable.StartsWith(MarkName + "=", StringComparison.Ordinal)
        && (variable.AsSpan(MarkName.Length + 1).SequenceEqual(Mark) || variable.AsSpan(MarkName.Length + 1).StartsWith(Mark + "/")));

#pragma warning disable SYSLIB1054 // One call of plain integers is no reason to allow unsafe code in the project.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
#pragma warning restore SYSLIB1054
}
