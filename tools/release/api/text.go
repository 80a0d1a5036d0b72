package main

import (
	"fmt"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// texts returns the content of a file for each package, by file name.
func texts(packages map[string]*types.Package) map[string]string {
	files := map[string]string{}
	for name, pkg := range packages {
		files[name+".txt"] = text(pkg)
	}
	return files
}

// text returns the declarations that the package exports, sorted by name and without comments.
func text(pkg *types.Package) string {
	w := &writer{pkg: pkg, imports: map[string]bool{}}
	scope := pkg.Scope()
	kinds := []func(types.Object) bool{is[*types.Const], is[*types.Var], is[*types.Func], is[*types.TypeName]}
	for _, kind := range kinds {
		w.group()
		for _, name := range scope.Names() {
			if object := scope.Lookup(name); object.Exported() && kind(object) {
				w.declare(object)
			}
		}
	}
	var header strings.Builder
	fmt.Fprintf(&header, "package %s // %s\n", pkg.Name(), pkg.Path())
	var imports []string
	for path := range w.imports {
		imports = append(imports, path)
	}
	slices.Sort(imports)
	if len(imports) > 0 {
		header.WriteString("\n")
	}
	for _, path := range imports {
		fmt.Fprintf(&header, "import %q\n", path)
	}
	header.WriteString("\n")
	return header.String() + strings.TrimRight(w.out.String(), "\n") + "\n"
}

func is[T types.Object](object types.Object) bool {
	_, ok := object.(T)
	return ok
}

// A writer writes declarations and records the packages that they mention.
type writer struct {
	pkg     *types.Package
	imports map[string]bool
	out     strings.Builder
}

// qualify is a types.Qualifier.
func (w *writer) qualify(other *types.Package) string {
	if other == w.pkg {
		return ""
	}
	w.imports[other.Path()] = true
	return other.Name()
}

func (w *writer) line(format string, args ...any) {
	fmt.Fprintf(&w.out, format+"\n", args...)
}

// group adds an empty line unless there is one already.
func (w *writer) group() {
	if text := w.out.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
		w.line("")
	}
}

func (w *writer) typeString(t types.Type) string {
	return types.TypeString(t, w.qualify)
}

func (w *writer) declare(object types.Object) {
	switch object := object.(type) {
	case *types.Const:
		w.line("const %s%s = %s", object.Name(), w.constantType(object), object.Val().ExactString())
	case *types.TypeName:
		w.declareType(object)
	default: // a function or a variable
		w.line("%s", types.ObjectString(object, w.qualify))
	}
}

func (w *writer) constantType(object *types.Const) string {
	if basic, ok := object.Type().(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
		return ""
	}
	return " " + w.typeString(object.Type())
}

func (w *writer) declareType(name *types.TypeName) {
	w.group()
	named, ok := name.Type().(*types.Named)
	if !ok || name.IsAlias() {
		w.line("%s", types.ObjectString(name, w.qualify))
		return
	}
	declared := name.Name() + w.typeParameters(named)
	switch underlying := named.Underlying().(type) {
	case *types.Struct:
		w.line("type %s struct {", declared)
		w.fields(underlying)
		w.line("}")
	case *types.Interface:
		w.line("type %s interface {", declared)
		w.elements(underlying)
		w.line("}")
	default:
		w.line("type %s %s", declared, w.typeString(underlying))
	}
	w.methods(named)
}

func (w *writer) typeParameters(named *types.Named) string {
	var parameters []string
	for parameter := range named.TypeParams().TypeParams() {
		parameters = append(parameters, parameter.Obj().Name()+" "+w.typeString(parameter.Constraint()))
	}
	if len(parameters) == 0 {
		return ""
	}
	return "[" + strings.Join(parameters, ", ") + "]"
}

// fields keeps the order of the fields, because conversions between struct types depend on it.
func (w *writer) fields(s *types.Struct) {
	unexported := false
	for i := range s.NumFields() {
		field := s.Field(i)
		if !field.Exported() {
			unexported = true
			continue
		}
		declaration := w.typeString(field.Type())
		if !field.Embedded() {
			declaration = field.Name() + " " + declaration
		}
		if tag := s.Tag(i); tag != "" {
			declaration += " " + strconv.Quote(tag)
		}
		w.line("\t%s", declaration)
	}
	if unexported {
		w.line("\t// unexported fields")
	}
}

func (w *writer) elements(i *types.Interface) {
	unexported := false
	for embedded := range i.EmbeddedTypes() {
		w.line("\t%s", w.typeString(embedded))
	}
	for method := range i.ExplicitMethods() {
		if method.Exported() {
			w.line("\t%s%s", method.Name(), strings.TrimPrefix(w.typeString(method.Signature()), "func"))
		} else {
			unexported = true
		}
	}
	if unexported {
		w.line("\t// unexported methods")
	}
}

func (w *writer) methods(named *types.Named) {
	var methods []*types.Func
	for method := range named.Methods() {
		if method.Exported() {
			methods = append(methods, method)
		}
	}
	slices.SortFunc(methods, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	for _, method := range methods {
		signature := method.Signature()
		parameters := strings.TrimPrefix(w.typeString(signature), "func")
		w.line("func (%s) %s%s", w.typeString(signature.Recv().Type()), method.Name(), parameters)
	}
}
