namespace DeepNet.Optim;

/// <summary>
/// Represents an object whose state a checkpoint keeps. Loading is two steps, so that everything in a file can be checked before anything
/// changes.
/// </summary>
internal interface IResumable
{
    /// <summary>Gets the kind of state that it takes: its own only.</summary>
    string Kind { get; }

    /// <summary>Puts all that is remembered into a state.</summary>
    void Capture(OptimizerState state);

    /// <summary>Reads and checks a state. The result takes it over, and is to be called only if the reader found no difference.</summary>
    Action Prepare(StateReader reader);

    /// <summary>Makes a copy of all that an object remembers.</summary>
    static OptimizerState Save(IResumable owner)
    {
        var state = new OptimizerState(owner.Kind);
        owner.Capture(state);
        return state;
    }

    /// <summary>Has an object take over a state of its kind, or throws and changes nothing.</summary>
    static void Load(IResumable owner, OptimizerState state)
    {
        var reader = new StateReader(state, owner.Kind);
        var finish = owner.Prepare(reader);
        reader.Finish();
        finish();
    }
}
