using System.Runtime.InteropServices;
using Orchestrator.Cli;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await CommandLine.RunAsync(args, Terminal.OfProcess(), stop.Token);
}
#pragma warning disable CA1031 // Boundary: the last word of the process is a sentence and an exit code, never a stack trace.
catch (Exception error)
#pragma warning restore CA1031
{
    Console.Error.WriteLine($"orchestrator: this is a fault of the program ({error.GetType().Name}): {error.Message}");
    return ExitCode.Environment;
}
