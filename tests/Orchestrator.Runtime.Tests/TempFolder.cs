namespace Orchestrator.Runtime.Tests;

/// <summary>A folder that lives as long as its test.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly bool _isOwn;

    public TempFolder()
        : this(Directory.CreateTempSubdirectory("orchestrator-test-").FullName, isOwn: true)
    {
    }

    private TempFolder(string path, bool isOwn) => (Path, _isOwn) = (path, isOwn);

    /// <summary>The folder of another process's test, which drops it.</summary>
    public static TempFolder Of(string path) => new(path, isOwn: false);

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (_isOwn)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
