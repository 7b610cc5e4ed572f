using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>Reads the commands of the operator's file.</summary>
internal static class RunnerReader
{
    public static RunnerSpec? Runner(Fields fields)
    {
        var runner = new RunnerSpec(Line(fields), fields.Choice<RowFormat>("format") ?? RowFormat.Csv) { SecretFile = fields.Text("secret_file") };
        return runner.Command.IsEmpty ? null : runner;
    }

    public static CommandSpec? Command(Fields fields)
    {
        var command = new CommandSpec(Line(fields), fields.Flag("repeatable") ?? false, fields.Period("timeout"));
        return command.Line.Command.IsEmpty ? null : command;
    }

    private static CommandLineSpec Line(Fields fields)
    {
        fields.Required("command");
        return new(fields.Texts("command"), fields.Text("directory"), fields.Texts("environment"), fields.Size("output") ?? CommandLineSpec.UsualOutput);
    }
}
