using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Runtime;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Commands;

/// <summary>Finds kernel objects by kind and by name, key or id; what is common to the cmdlets that work on all kinds.</summary>
public abstract class ObjectFilterCommand : IpcCommand
{
    /// <summary>The kinds that were asked for.</summary>
    private protected static IReadOnlyList<KindOperations> KindsOf(IpcKind[]? kinds)
    {
        if (kinds is null || kinds.Length == 0)
        {
            return AllKinds.ListedUnasked;
        }

        // No LINQ over an enum: .NET compiles it anew in every process, and psipc would start noticeably later.
        List<KindOperations> wanted = [];
        foreach (IpcKind kind in kinds)
        {
            KindOperations operations = AllKinds.Of(kind);
            if (!wanted.Contains(operations))
            {
                wanted.Add(operations);
            }
        }

        return wanted;
    }

    /// <summary>
    /// All objects of the kinds. A kind that cannot be listed is an error when it was asked for, else a warning. When holders are wanted, the
    /// pass over /proc by which some kinds are listed looks for the holders of the others as well.
    /// </summary>
    private protected IEnumerable<IpcObject> List(InventoryContext context, IpcKind[]? kinds, bool withHolders = false) =>
        List(context, KindsOf(kinds), kinds is not null, withHolders);

    /// <summary>The same of these kinds.</summary>
    private protected IEnumerable<IpcObject> List(InventoryContext context, IReadOnlyList<KindOperations> wanted, bool isWanted, bool withHolders)
    {
        foreach (KindOperations one in wanted)
        {
            try
            {
                context.Prepare(one.Kind);
            }
            catch (IpcException)
            {
                // A kind that cannot be looked for says so itself when its turn comes.
            }
        }

        if (withHolders)
        {
            List<IpcObject> plain = [.. wanted.Where(one => one.IsListedUnasked).SelectMany(one => List(context, one, isWanted))];
            HolderSearch.Prepare(plain, context);
            wanted = [.. wanted.Where(one => !one.IsListedUnasked)];
            foreach (IpcObject subject in plain)
            {
                yield return subject;
            }
        }

        foreach (KindOperations operations in wanted)
        {
            foreach (IpcObject subject in List(context, operations, isWanted))
            {
                yield return subject;
            }
        }
    }

    /// <summary>Objects by name: a literal one without listing all; a wildcard may match none, a literal must be there.</summary>
    private protected IEnumerable<IpcObject> FindByName(InventoryContext context, IpcKind[]? kinds, string[] names)
    {
        foreach (string name in names)
        {
            if (IsPattern(name))
            {
                WildcardPattern pattern = new(name, WildcardOptions.None);
                foreach (IpcObject subject in List(context, kinds).Where(one => pattern.IsMatch(one.Name) || one.Name == name)) // pipe:[123] is a name, too
                {
                    yield return subject;
                }

                continue;
            }

            bool found = false;
            string literal = WildcardPattern.Unescape(name); // [WildcardPattern]::Escape($name) means just that name
            foreach (KindOperations operations in KindsOf(kinds))
            {
                foreach (IpcObject subject in TryFind(() => operations.FindByName(context, literal, ResolveNewPath), operations, literal, ref found) ?? [])
                {
                    found = true;
                    yield return subject;
                }
            }

            ReportMiss(found, literal, $"{DisplayNameOf(kinds)} {literal}", kinds is null && literal.LastIndexOf('/') > 0);
        }
    }

    /// <summary>System V objects by key.</summary>
    private protected IEnumerable<IpcObject> FindByKey(InventoryContext context, IpcKind[]? kinds, IpcKey[] keys)
    {
        foreach (IpcKey key in keys)
        {
            bool found = false;
            foreach (KindOperations operations in KindsOf(kinds).Where(one => one.HasKey))
            {
                if (TryFind(() => operations.FindByKey(context, key), operations, key, ref found) is { } subject)
                {
                    yield return subject;
                }
            }

            ReportMiss(found, key, $"{DisplayNameOf(kinds)} with the key {key}");
        }
    }

    /// <summary>System V objects by id.</summary>
    private protected IEnumerable<IpcObject> FindById(InventoryContext context, IpcKind[]? kinds, int[] ids)
    {
        foreach (int id in ids)
        {
            bool found = false;
            foreach (KindOperations operations in KindsOf(kinds).Where(one => one.HasKey))
            {
                if (TryFind(() => operations.FindById(context, id), operations, id, ref found) is { } subject)
                {
                    yield return subject;
                }
            }

            ReportMiss(found, id, string.Create(CultureInfo.InvariantCulture, $"{DisplayNameOf(kinds)} with the id {id}"));
        }
    }

    /// <summary>The object of a record of this boot and namespace, as it is now; null, with an error, when there is none, or another.</summary>
    private protected IpcObject? FindNow(InventoryContext context, IpcObject record)
    {
        string name = DisplayNameOf(record);
        try
        {
            Provenance.Check(record);
            return Recheck(context, record, name);
        }
        catch (ForeignObjectException e)
        {
            WriteError(e.ToErrorRecord(record, name));
            return null;
        }
        catch (IpcException e)
        {
            WriteFailure(e, record, name, ("who", Owners.Of(e, record)));
            return null;
        }
    }

    /// <summary>The object as it is now; null, with an error, when it is not the one of the record.</summary>
    private protected IpcObject? Recheck(InventoryContext context, IpcObject record, string name)
    {
        KindOperations operations = AllKinds.Of(record);
        IpcObject? now = operations.Refresh(context, record);
        if (now is null)
        {
            WriteError(Failure.Of("ObjectNotFound", ErrorCategory.ObjectNotFound, record, ("target", name), ("hint", "")));
            return null;
        }

        if (!operations.IsSame(record, now))
        {
            WriteError(Failure.Of("ObjectReplaced", ErrorCategory.InvalidOperation, record, ("target", name)));
            return null;
        }

        return now;
    }

    /// <summary>What to call an object in sentences.</summary>
    private protected static string DisplayNameOf(IpcObject subject)
    {
        KindOperations operations = AllKinds.Of(subject);
        string id = subject.IdText.Length > 0 ? $" (id {subject.IdText})" : "";
        return $"{operations.DisplayName} {subject.Name}{id}";
    }

    private static string DisplayNameOf(IpcKind[]? kinds) =>
        kinds is [var only] ? AllKinds.Of(only).DisplayName : "IPC object";

    private IEnumerable<IpcObject> List(InventoryContext context, KindOperations operations, bool isWanted)
    {
        using IEnumerator<IpcObject> objects = operations.Enumerate(context).GetEnumerator();
        while (MoveNext(objects, operations, isWanted))
        {
            yield return objects.Current;
        }
    }

    private bool MoveNext(IEnumerator<IpcObject> objects, KindOperations operations, bool isWanted)
    {
        if (Stopping)
        {
            throw new PipelineStoppedException();
        }

        try
        {
            return objects.MoveNext();
        }
        catch (IpcException e)
        {
            ErrorRecord error = Failure.Of(e, operations.Kind, operations.DisplayName);
            if (isWanted)
            {
                WriteError(error);
            }
            else
            {
                WriteWarning(error.Exception.Message);
            }

            return false;
        }
    }

    private T? TryFind<T>(Func<T?> find, KindOperations operations, object target, ref bool found)
        where T : class
    {
        try
        {
            T? subject = find();
            found |= subject is IpcObject;
            return subject;
        }
        catch (IpcException e)
        {
            found = true; // it is there, or might be; that it cannot be seen is what the user is told
            WriteFailure(e, target, $"{operations.DisplayName} {target}");
            return null;
        }
    }

    private protected void ReportMiss(bool found, object target, string name, bool isPath = false)
    {
        if (!found)
        {
            WriteError(Failure.Of("ObjectNotFound", ErrorCategory.ObjectNotFound, target, ("target", name), ("hint", isPath ? " " + Sentences.Format("PathIsNoName") : "")));
        }
    }

    /// <summary>Whether a name stands for whatever matches it. The kernel calls pipes pipe:[123], and that is one.</summary>
    internal static bool IsPattern(string name) => WildcardPattern.ContainsWildcardCharacters(name)
        && !(name.StartsWith("pipe:[", StringComparison.Ordinal) && name.EndsWith(']') && name.AsSpan(6, name.Length - 7).IndexOfAnyExceptInRange('0', '9') < 0);
}
