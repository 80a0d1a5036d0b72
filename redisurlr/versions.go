// # Versions
//
// This module requires go-redis v9.7.3 or later. Some earlier versions can hand out the answers to
// commands in the wrong order after a timeout (GO-2025-3540), so that a delivery gets the decision on
// another. No vulnerability is known in v9.7.3. The tests pass with that version and with the newest.
package redisurlr
