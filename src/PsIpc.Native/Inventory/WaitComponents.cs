using System;
using System.Collections.Generic;

namespace PsIpc.Native.Inventory;

/// <summary>Sets of nodes each of which leads to all others of its set (Tarjan's strongly connected components). Without recursion: chains may be long.</summary>
internal sealed class WaitComponents(Func<int, SortedSet<int>> next)
{
    private readonly Dictionary<int, int> _order = [];
    private readonly Dictionary<int, int> _lowest = [];
    private readonly Stack<int> _open = [];
    private readonly HashSet<int> _isOpen = [];
    private readonly List<List<int>> _found = [];

    /// <summary>Those of more than one node, and single ones that lead to themselves; in the order of their lowest nodes.</summary>
    internal List<List<int>> Find(IEnumerable<int> nodes)
    {
        SortedSet<int> sorted = [.. nodes];
        foreach (int node in sorted)
        {
            if (!_order.ContainsKey(node))
            {
                Visit(node);
            }
        }

        foreach (List<int> component in _found)
        {
            component.Sort();
        }

        _found.Sort((one, other) => one[0].CompareTo(other[0]));
        return _found;
    }

    private void Visit(int root)
    {
        Stack<(int Node, IEnumerator<int> Next)> path = [];
        Enter(root, path);
        while (path.TryPeek(out (int Node, IEnumerator<int> Next) top))
        {
            if (top.Next.MoveNext())
            {
                int to = top.Next.Current;
                if (!_order.TryGetValue(to, out int place))
                {
                    Enter(to, path);
                }
                else if (_isOpen.Contains(to))
                {
                    _lowest[top.Node] = Math.Min(_lowest[top.Node], place);
                }

                continue;
            }

            path.Pop();
            if (path.TryPeek(out (int Node, IEnumerator<int> Next) parent))
            {
                _lowest[parent.Node] = Math.Min(_lowest[parent.Node], _lowest[top.Node]);
            }

            if (_lowest[top.Node] == _order[top.Node])
            {
                Close(top.Node);
            }
        }
    }

    private void Enter(int node, Stack<(int Node, IEnumerator<int> Next)> path)
    {
        _order[node] = _lowest[node] = _order.Count;
        _open.Push(node);
        _isOpen.Add(node);
        path.Push((node, next(node).GetEnumerator()));
    }

    private void Close(int root)
    {
        List<int> component = [];
        int node;
        do
        {
            node = _open.Pop();
            _isOpen.Remove(node);
            component.Add(node);
        }
        while (node != root);

        if (component.Count > 1 || next(root).Contains(root))
        {
            _found.Add(component);
        }
    }
}
