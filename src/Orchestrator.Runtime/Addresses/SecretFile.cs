using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Runtime.Addresses;

/// <summary>Reads secrets from the files that the operator named; read anew for each use, so that they can be changed.</summary>
public static class SecretFile
{
    private const long Largest = 64 * 1024;

    /// <summary>The trimmed text of a file; false, with the reason, where it has none. The reason names the file and never what is in it.</summary>
    public static bool TryRead(string root, string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? fault)
    {
        text = null;
        try
        {
            var file = new FileInfo(Path.Combine(root, path));
            fault = !file.Exists ? $"the file {path} does not exist" : file.Length > Largest ? $"the file {path} is larger than 64 KiB" : null;
            var read = fault is null ? File.ReadAllText(file.FullName).Trim() : "";
            fault ??= read.Length == 0 ? $"the file {path} is empty" : null;
            text = fault is null ? read : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = $"the file {path} cannot be read";
        }

        return text is not null;
    }
}
