using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation.Runspaces;
using PsIpc.Host.Engine;
using PsIpc.Host.Help;
using PsIpc.Host.Input;
using PsIpc.Host.Output;
using PsIpc.Host.Parsing;

namespace PsIpc.Host;

/// <summary>psipc.</summary>
internal static class Program
{
    private const int Done = 0;
    private const int Errors = 1;
    private const int Refused = 2;
    private const int ReaderGone = 141;
    private const int DefaultColumns = 80;

    private static int Main(string[] arguments)
    {
        using OutputStream output = new(Interop.StandardOutput);
        using OutputStream errors = new(Interop.StandardError);
        ConsoleHost? host = null;

        try
        {
            CommandLine line = CommandLine.Read(arguments);
            if (line.RunsCmdlet)
            {
                WarmUp.Begin(forTables: !line.IsJson);
            }

            IObjectWriter writer = line.IsJson ? new JsonObjectWriter(output) : new ObjectTextWriter(output, Columns() - 1);
            host = new ConsoleHost(writer, output, errors, saysWhatIfOnOutput: !line.IsJson);
            int status = line switch
            {
                { WantsHelp: true } => Print(output, CommandLine.Usage),
                { WantsVersion: true } => Print(output, $"psipc {typeof(IpcObject).Assembly.GetName().Version?.ToString(3)}"),
                { HelpTopic: { } topic } => Print(output, HelpText.Of(topic, Columns() - 1)),
                _ => Run(line, host, writer, output),
            };
            output.Flush();
            return status;
        }
        catch (OutputClosedException)
        {
            return ReaderGone;
        }
        catch (Exception e) when (e is OutputFailedException or InputFailedException)
        {
            Say(host, errors, $"psipc: {e.Message}");
            return Errors;
        }
        catch (SyntaxException e)
        {
            Say(host, errors, $"psipc: line {e.Line}: {e.Message}");
            return Refused;
        }
        catch (RefusedException e)
        {
            Say(host, errors, $"psipc: {e.Message}");
            return Refused;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(host, errors, $"psipc: {e.Message}");
            return Errors;
        }
        finally
        {
            Runspace.DefaultRunspace.Close();
        }
    }

    private static int Run(CommandLine line, ConsoleHost host, IObjectWriter writer, OutputStream output)
    {
        List<PipelineSyntax> script = line.Command is { } command
            ? [new PipelineSyntax(1, ReadsInput: false, Values: null, [command])]
            : Parser.Parse(line.Text ?? ReadScript(line.File!));

        // Every line is read and every name is known before the first is run.
        List<PipelineCommand[]> pipelines = script.ConvertAll(Resolve);
        using StopSignals signals = new();
        int status = Done;
        for (int i = 0; i < script.Count && !signals.IsStopping; i++)
        {
            PipelineResult result;
            try
            {
                result = Run(script[i], pipelines[i], host, signals, writer);
            }
            catch (SyntaxException e) when (i > 0)
            {
                // What came before it was run: status 2 would say that nothing was.
                Say(host, output, $"psipc: line {e.Line}: {e.Message}");
                status = Errors;
                break;
            }

            status = result is PipelineResult.Completed ? status : Errors;
            output.Flush(); // before a program that the next line starts writes to the same place
            if (result == PipelineResult.FailedForGood)
            {
                break;
            }
        }

        if (signals.IsStopping)
        {
            return signals.ExitStatus;
        }

        writer.End();
        return status == Done ? ProgramStatus.Last ?? Done : status;
    }

    /// <summary>The text of a script. One that cannot be read is refused, as one that cannot be understood: nothing has been done yet.</summary>
    private static string ReadScript(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(Directory.Exists(file) ? $"{file} is a directory; -f takes a file of lines." : e.Message);
        }
    }

    private static PipelineCommand[] Resolve(PipelineSyntax syntax)
    {
        try
        {
            PipelineCommand[] commands = new PipelineCommand[syntax.Commands.Count];
            for (int i = 0; i < commands.Length; i++)
            {
                commands[i] = new PipelineCommand(CmdletTable.Find(syntax.Commands[i].Name), syntax.Commands[i].Arguments);
            }

            return commands;
        }
        catch (RefusedException e)
        {
            throw new SyntaxException(e.Message, syntax.Line);
        }
    }

    private static PipelineResult Run(
        PipelineSyntax syntax, PipelineCommand[] commands, ConsoleHost host, StopSignals signals, IObjectWriter writer)
    {
        if (commands.Length == 0)
        {
            foreach (object? value in syntax.Values ?? [])
            {
                writer.Write(value);
            }

            return PipelineResult.Completed;
        }

        Pipeline pipeline = new(commands, host) { Bound = CmdletTable.RefuseUnsupported };
        signals.Watch(pipeline);
        try
        {
            return pipeline.Run(syntax.ReadsInput ? new InputLines(() => signals.IsStopping) : syntax.Values);
        }
        catch (RefusedException e)
        {
            throw new SyntaxException(e.Message, syntax.Line);
        }
        finally
        {
            signals.Watch(null);
        }
    }

    private static int Print(OutputStream output, string text)
    {
        output.WriteLine(text);
        return Done;
    }

    private static void Say(ConsoleHost? host, OutputStream errors, string text) =>
        (host ?? new ConsoleHost(null!, errors, errors, saysWhatIfOnOutput: false)).Say(text);

    /// <summary>The terminal's width, else COLUMNS, else 80: what PowerShell takes when its output is no terminal.</summary>
    private static unsafe int Columns()
    {
        Interop.WindowSize size;
        if (Interop.ioctl(Interop.StandardOutput, Interop.TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        {
            return size.ws_col;
        }

        return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns > 1 ? columns : DefaultColumns;
    }
}
