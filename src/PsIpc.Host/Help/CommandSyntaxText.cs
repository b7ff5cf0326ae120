using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Text;
using PsIpc.Host.Engine;

namespace PsIpc.Host.Help;

/// <summary>The syntax of a cmdlet, a line for each parameter set, as Get-Command -Syntax writes it.</summary>
internal static class CommandSyntaxText
{
    internal static IEnumerable<string> Lines(CmdletDescription command)
    {
        if (command.SetNames.Count == 0)
        {
            yield return Line(command, 0);
        }

        for (int i = 0; i < command.SetNames.Count; i++)
        {
            yield return Line(command, 1u << i);
        }
    }

    private static string Line(CmdletDescription command, uint set)
    {
        List<(ParameterDescription Parameter, ParameterSetData Data)> parameters = [];
        foreach (ParameterDescription parameter in command.Parameters)
        {
            foreach (ParameterSetData data in parameter.Sets)
            {
                if (!IsGeneral(parameter) && (data.IsInAllSets || (data.Flag & set) != 0))
                {
                    parameters.Add((parameter, data));
                }
            }
        }

        parameters.Sort(static (one, other) => Rank(one.Data).CompareTo(Rank(other.Data)));
        StringBuilder line = new(command.Info.Name);
        foreach ((ParameterDescription parameter, ParameterSetData data) in parameters)
        {
            line.Append(' ').Append(Text(parameter, data));
        }

        return line.Append(command.SupportsShouldProcess ? " [-WhatIf] [-Confirm]" : "").Append(" [<CommonParameters>]").ToString();
    }

    /// <summary>Positions first, then what must be given; among equals the order stays.</summary>
    private static int Rank(ParameterSetData data) => data.Position != int.MinValue ? data.Position : data.IsMandatory ? 1000 : 1001;

    private static bool IsGeneral(ParameterDescription parameter) => parameter.IsCommon;

    private static string Text(ParameterDescription parameter, ParameterSetData data)
    {
        string name = data.Position != int.MinValue ? $"[-{parameter.Name}]" : $"-{parameter.Name}";
        string text = parameter.Type == typeof(SwitchParameter) ? name : $"{name} <{TypeName(parameter.Type)}>";
        return data.IsMandatory ? text : $"[{text}]";
    }

    private static string TypeName(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsArray ? TypeName(type.GetElementType()!) + "[]"
            : type == typeof(int) ? "int"
            : type == typeof(long) ? "long"
            : type == typeof(byte) ? "byte"
            : type == typeof(string) ? "string"
            : type == typeof(object) ? "Object"
            : type == typeof(bool) ? "bool"
            : type.Name;
    }
}
