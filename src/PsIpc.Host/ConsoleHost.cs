using System;
using System.Management.Automation;
using PsIpc.Host.Engine;
using PsIpc.Host.Output;

namespace PsIpc.Host;

/// <summary>Where pipelines end: objects on standard output, everything else that is said on standard error.</summary>
internal sealed class ConsoleHost(IObjectWriter objects, OutputStream output, OutputStream errors, bool saysWhatIfOnOutput) : IEngineHost
{
    public void WriteOutput(object? value) => objects.Write(value);

    public void WriteError(ErrorRecord error)
    {
        output.Flush(); // what was written before stands before it, where both go to one place
        string command = error.CommandName is { Length: > 0 } name ? name : "psipc";
        Say($"{command}: {error}");
    }

    public void WriteLine(TextStream stream, string text)
    {
        if (stream == TextStream.WhatIf && saysWhatIfOnOutput)
        {
            output.WriteLine("What if: " + text);
            return;
        }

        Say(stream switch
        {
            TextStream.Warning => "WARNING: " + text,
            TextStream.Verbose => "VERBOSE: " + text,
            TextStream.Debug => "DEBUG: " + text,
            TextStream.WhatIf => "What if: " + text,
            _ => text,
        });
    }

    /// <summary>Progress is for people who look on: one line that is written over and over.</summary>
    public void WriteProgress(ProgressRecord progress)
    {
        if (Interop.isatty(Interop.StandardError) == 1)
        {
            string percent = progress.PercentComplete >= 0 ? $" {progress.PercentComplete} %" : "";
            string line = progress.RecordType == ProgressRecordType.Completed ? "" : $"{progress.Activity}: {progress.StatusDescription}{percent}";
            errors.Flush();
            using Terminal? terminal = Terminal.TryOpen();
            terminal?.Write("\r\u001b[K" + line);
        }
    }

    /// <summary>Asks at the terminal; standard input is not touched, it may be the data.</summary>
    public Answer Ask(string caption, string question, bool offersAll)
    {
        output.Flush();
        using Terminal terminal = Terminal.TryOpen()
            ?? throw new PSInvalidOperationException("Nobody can be asked: there is no terminal. Say -Confirm:$false or -Force.");
        string choices = offersAll ? "[Y] Yes  [A] Yes to All  [N] No  [L] No to All" : "[Y] Yes  [N] No";
        while (true)
        {
            terminal.Write($"\n{caption}\n{question}\n{choices} (default is \"Y\"): ");
            switch (terminal.ReadLine()?.Trim().ToUpperInvariant())
            {
                case null:
                    throw new PSInvalidOperationException("Nobody answered. Say -Confirm:$false or -Force.");
                case "" or "Y" or "YES":
                    return Answer.Yes;
                case "N" or "NO":
                    return Answer.No;
                case "A" or "YES TO ALL" when offersAll:
                    return Answer.YesToAll;
                case "L" or "NO TO ALL" when offersAll:
                    return Answer.NoToAll;
            }
        }
    }

    /// <summary>Nobody may be reading errors any more; that is no reason to end.</summary>
    internal void Say(string line)
    {
        try
        {
            errors.WriteLine(line);
            errors.Flush();
        }
        catch (Exception e) when (e is OutputClosedException or OutputFailedException)
        {
            // There is nowhere left to say it.
        }
    }
}
