namespace DeepNet.Nn;

/// <summary>
/// The parts of a module with their paths, each once, parents before children. Places each on the way. Not a recursion: how deep modules
/// nest is no matter of the stack's size.
/// </summary>
internal sealed class ModuleWalk
{
    /// <summary>
    /// The number of levels that modules may nest: a module's path is as long as its level, and so paths grow with its square.
    /// </summary>
    public const int DeepestLevel = 1000;

    private readonly List<Level> open = [];
    private readonly Dictionary<object, (Module? In, string Name)> places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, object> byPath = [];
    private readonly List<HiddenPart> hidden = [];
    private readonly List<(string Path, object Part)> again = [];
    private readonly string root;

    public ModuleWalk(Module module)
    {
        root = module.Path;
        Visit("", "", null, module);
        while (open.Count > 0)
        {
            var level = open[^1];
            if (!level.Parts.MoveNext())
            {
                open.RemoveAt(open.Count - 1);
                continue;
            }
            var (name, part) = level.Parts.Current;
            Visit(Module.Join(level.At, name), name, level.Module, part);
        }
        foreach (var part in hidden)
            if (part.Part is null || !places.ContainsKey(ModuleFields.PartOf(part.Part)))
                throw part.Error("it would be neither trained nor saved");
    }

    public List<(string Path, object Part)> Found { get; } = [];

    /// <summary>The further paths of parameters and buffers that are shared, each with the path under which a state has them.</summary>
    public IReadOnlyDictionary<string, string> Aliases()
    {
        var aliases = new Dictionary<string, string>();
        foreach (var (at, part) in again)
        {
            string first = Found.First(found => ReferenceEquals(found.Part, part)).Path;
            foreach (string path in byPath.Keys)
            {
                bool isInside = part is Module ? path.StartsWith(first + ".", StringComparison.Ordinal) : path == first;
                if (isInside) aliases.TryAdd(at + path[first.Length..], path);
            }
        }
        return aliases;
    }

    /// <summary>Throws for a part that a field holds in a form that is not understood, even if it was found elsewhere too.</summary>
    public void RequireNothingHidden()
    {
        if (hidden.Count > 0) throw hidden[0].Error("a copy would share it with the original");
    }

    private void Visit(string at, string name, Module? holder, object part)
    {
        if (!places.TryAdd(part, (holder, name)))
        {
            if (part is Module known && open.Any(level => ReferenceEquals(level.Module, known))) throw Cycle(at, known);
            again.Add((at, part));
            return;
        }
        Found.Add((at, part));
        string path = Module.Join(root, at);
        switch (part)
        {
            case Module module:
                if (open.Count >= DeepestLevel)
                    throw new InvalidOperationException($"[module] '{at[..40]}…' is nested more than {DeepestLevel:N0} levels deep. "
                        + "Modules one after the other belong side by side into one Sequential.");
                module.SetPath(path);
                open.Add(new(at, module, ModuleFields.Parts(module, hidden).GetEnumerator()));
                return;
            case Parameter parameter:
                parameter.Name = path;
                break;
            case StateBuffer buffer:
                buffer.Name = path;
                break;
        }
        if (!byPath.TryAdd(at, part))
            throw new InvalidOperationException($"[module] two parts have the path '{at}': {Steps(byPath[at])} and {Steps(part)}. Paths "
                + "name what a file of weights holds, so rename one of them; "
                + "a name in a Sequential or a key in a dictionary that holds a dot is read like a nested one.");
    }

    private static InvalidOperationException Cycle(string at, Module module)
    {
        string which = module.Path.Length == 0 ? "that is the model itself" : $"'{module.Path}'";
        return new($"[module] '{at}' is the {module.GetType().Name} {which}, which it is inside of: a module cannot contain itself. "
            + "Mark a field that refers back to it with [NotChild].");
    }

    // The names on the way to a part, each by itself.
    private string Steps(object part)
    {
        var names = new Stack<string>();
        for (object? at = part; at is not null && places[at] is { In: not null } place; at = place.In) names.Push($"'{place.Name}'");
        return string.Join(" → ", names);
    }

    private sealed class Level(string at, Module module, IEnumerator<(string Name, object Part)> parts)
    {
        public string At => at;
        public Module Module => module;
        public IEnumerator<(string Name, object Part)> Parts => parts;
    }
}
