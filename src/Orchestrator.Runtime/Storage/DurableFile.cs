using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orchestrator.Runtime.Storage;

/// <summary>Files and folders that are there whole or not at all: written beside their place, flushed to the disk, then renamed.</summary>
public static class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Copies a stream into a file that must not exist yet and flushes it to the disk.</summary>
    public static async Task WriteAsync(string path, Stream content, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await content.CopyToAsync(file, cancellation);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Renames a file to its place; a file that is there already is replaced in one step.</summary>
    public static void Place(string written, string path)
    {
        File.Move(written, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Flushes the files of a folder and the folder, then renames it to its place, where nothing may be.</summary>
    public static void PlaceFolder(string written, string folder)
    {
        foreach (var path in Directory.EnumerateFiles(written))
        {
            Flush(path);
        }

        FlushFolder(written);
        Directory.Move(written, folder);
        FlushFolder(Path.GetDirectoryName(folder)!);
    }

    /// <summary>Flushes to the disk what was written to a file by others.</summary>
    public static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Makes a rename inside the folder survive a power cut; .NET opens no folders, so the C library does.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = open(folder, ReadOnly);
        if (handle < 0)
        {
            throw new IOException($"cannot open the folder {folder}", new Win32Exception(Marshal.GetLastPInvokeError()));
        }

        var flushed = fsync(handle);
        var error = Marshal.GetLastPInvokeError();
        _ = close(handle);
        if (flushed != 0)
        {
            throw new IOException($"cannot flush the folder {folder}", new Win32Exception(error));
        }
    }

#pragma warning disable SYSLIB1054 // Three calls of plain integers are no reason to allow unsafe code in the project.
#pragma warning disable CA2101 // File names are UTF-8 on the systems that have these functions.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int handle);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int handle);
#pragma warning restore CA2101
#pragma warning restore SYSLIB1054
}
