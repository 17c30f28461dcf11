// The default generator and the count of live bytes are one for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
